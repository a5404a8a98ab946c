"""A machine, category or alias named differently is found under its new name, and no more under the old."""

import pytest
from django.db.models.signals import post_save

from kb.models import FaultArticle
from portal.enums import Audience, Role
from portal.models import EquipmentAlias, EquipmentCategory, EquipmentModel, SearchOutbox
from portal.search.results import service
from portal.search.results.completion import suggest
from tests.factories.courses import TrainingModuleFactory
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentAliasFactory, EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("portal_index")


@pytest.fixture
def technician(db):
    return PersonFactory(roles=[Role.ENGINEER])


@pytest.fixture
def machine(committed):
    with committed():
        machine = EquipmentModelFactory(name="卧式冰柜")
        FaultArticleFactory(title="不制冷", equipment=[machine], category=machine.category)
        restricted = {"title": "机密事故", "audience": Audience.RESTRICTED}
        FaultArticleFactory(equipment=[machine], category=machine.category, **restricted)
        manual = ManualFactory(category=machine.category)
        manual.equipment.add(machine)
        ManualEditionFactory(manual=manual, chapters=["清洁"])
        TrainingModuleFactory(category=machine.category).equipment.add(machine)
    return machine


def kinds(query, reader):
    return {hit.kind for hit in service.search(query, reader).hits}


def completed(typed, reader):
    return [item.text for item in suggest(typed, reader)]


def test_a_renamed_machine(machine, technician, committed):
    assert kinds("卧式冰柜", technician) == {"fault", "manual", "module"}
    with committed():
        machine.name = "独角兽"
        machine.save()
    assert kinds("独角兽", technician) == {"fault", "manual", "module"}
    assert kinds("卧式冰柜", technician) == set()
    assert "独角兽" in completed("独角", technician)
    assert completed("卧式", technician) == []
    customer = PersonFactory(organisation=None)
    assert kinds("独角兽", customer) == set()
    assert completed("独角", customer) == []


def test_a_new_alias_and_one_taken_away(machine, technician, committed):
    with committed():
        alias = EquipmentAliasFactory(model=machine, name="独角兽")
    assert kinds("独角兽", technician) == {"fault", "manual", "module"}
    assert "独角兽" in completed("独角", technician)
    with committed():
        alias.delete()
    assert kinds("独角兽", technician) == set()
    assert completed("独角", technician) == []


def test_a_renamed_category(machine, technician, committed):
    with committed():
        category = EquipmentCategory.objects.get(pk=machine.category_id)
        category.name = "独角兽类"
        category.save()
    assert kinds("独角兽类", technician) == {"fault", "manual", "module"}


def test_a_deleted_machine(machine, technician, committed):
    with committed():
        other = EquipmentModelFactory(name="独角兽")
        other.faults.add(FaultArticle.objects.get(title="不制冷"))
    assert kinds("独角兽", technician) == {"fault"}
    with committed():
        other.delete()
    assert completed("独角", technician) == []


def outbox():
    return sorted(SearchOutbox.objects.waiting().values_list("model_label", "object_pk"))


@pytest.mark.parametrize("change", ["add", "remove", "set", "clear"])
def test_a_relation_changed_from_its_other_end(db, change):
    machine, article = EquipmentModelFactory(), FaultArticleFactory()
    if change in ("remove", "clear"):
        machine.faults.add(article)
    SearchOutbox.objects.all().delete()
    {
        "add": lambda: machine.faults.add(article),
        "remove": lambda: machine.faults.remove(article),
        "set": lambda: machine.faults.set([article]),
        "clear": lambda: machine.faults.clear(),
    }[change]()
    assert ("kb.faultarticle", str(article.pk)) in outbox()


@pytest.mark.parametrize("articles", [1, 30])
def test_renaming_costs_the_request_the_same_however_many_articles_name_it(db, django_assert_num_queries, articles):
    category = EquipmentModelFactory().category
    for _ in range(articles):
        FaultArticleFactory(category=category)
    SearchOutbox.objects.all().delete()
    with django_assert_num_queries(7):
        # The keys of articles, manuals and modules, and one row for each.
        post_save.send(EquipmentCategory, instance=category, raw=False, created=False)
    assert len(outbox()) == articles


@pytest.mark.parametrize("model", [EquipmentModel, EquipmentAlias, EquipmentCategory])
def test_every_kind_that_names_equipment_listens(model):
    from portal.registry.search import sources

    assert {source.kind for source in sources() if model in source.related} == {
        *("bulletin", "fault", "guide", "manual", "module")
    }
