"""Factories of the ground floor: one a model."""

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from portal.enums import Role, Tier
from portal.models import (
    Assignment,
    EquipmentAlias,
    EquipmentCategory,
    EquipmentModel,
    EquipmentUnit,
    Organisation,
    Person,
    Position,
    StatutoryKind,
    StatutoryRule,
)


class TreeFactory(DjangoModelFactory):
    """Adds a node below ``parent``, or as a root."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, parent=None, **kwargs):
        if parent is None:
            return model_class.add_root(**kwargs)
        return type(parent).objects.get(pk=parent.pk).add_child(**kwargs)


class OrganisationFactory(TreeFactory):
    """A headquarters unless a parent and tier are given."""

    class Meta:
        model = Organisation

    # Siblings stand in the order of their names: one that sorts before an older one would move it, and its path.
    name = factory.Sequence(lambda n: f"服务处 {n:06}")
    code = factory.Sequence(lambda n: f"org-{n}")
    tier = Tier.HQ


class EquipmentCategoryFactory(TreeFactory):
    """A category of machines."""

    class Meta:
        model = EquipmentCategory

    code = factory.Sequence(lambda n: f"C{n:06}")
    name = factory.Sequence(lambda n: f"设备类别 {n}")


class EquipmentModelFactory(DjangoModelFactory):
    """A machine type of its own category."""

    class Meta:
        model = EquipmentModel

    code = factory.Sequence(lambda n: f"M{n:03}")
    name = factory.Sequence(lambda n: f"设备 {n}")
    category = factory.SubFactory(EquipmentCategoryFactory)


class EquipmentAliasFactory(DjangoModelFactory):
    """Another name of a model."""

    class Meta:
        model = EquipmentAlias

    model = factory.SubFactory(EquipmentModelFactory)
    name = factory.Sequence(lambda n: f"俗称 {n}")


class EquipmentUnitFactory(DjangoModelFactory):
    """One machine."""

    class Meta:
        model = EquipmentUnit

    serial = factory.Sequence(lambda n: f"SN{n:06}")
    model = factory.SubFactory(EquipmentModelFactory)


class PersonFactory(DjangoModelFactory):
    """A person of an outlet, without roles; ``roles=[…]`` puts them into groups."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    staff_number = factory.Sequence(lambda n: f"P{n:04}")
    name = factory.Sequence(lambda n: f"张{n}")
    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or []:
            self.groups.add(Group.objects.get_or_create(name=Role(role))[0])

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if extracted:
            self.set_password(extracted)
            self.save(update_fields=["password"])


class PositionFactory(DjangoModelFactory):
    """A post."""

    class Meta:
        model = Position

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"岗位 {n}")


class AssignmentFactory(DjangoModelFactory):
    """A person in a post."""

    class Meta:
        model = Assignment

    person = factory.SubFactory(PersonFactory)
    position = factory.SubFactory(PositionFactory)
    organisation = factory.SelfAttribute("position.organisation")
    start = factory.Faker("date_object")


class StatutoryKindFactory(DjangoModelFactory):
    """A kind of card issued outside."""

    class Meta:
        model = StatutoryKind

    code = factory.Sequence(lambda n: f"sk-{n}")
    name = factory.Sequence(lambda n: f"法定证件 {n}")


class StatutoryRuleFactory(DjangoModelFactory):
    """Every task on a category needs a card; ``category=None, model=…`` and ``tasks=[…]`` narrow it."""

    class Meta:
        model = StatutoryRule

    kind = factory.SubFactory(StatutoryKindFactory)
    category = factory.SubFactory(EquipmentCategoryFactory)
