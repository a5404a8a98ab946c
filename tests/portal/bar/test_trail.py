"""Whatever changes the bar leaves a trail in the same transaction: forms, imports, verbs, queries."""

import pytest
from django.db import transaction
from django.urls import reverse

from portal.access.roles import synchronise_roles
from portal.acting import acting
from portal.bar.domain import confirm_change
from portal.enums import Role, Task
from portal.equipment.domain import change_model
from portal.equipment.imports import models_kind
from portal.exchange.imports.domain import accept_import, start_import
from portal.models import Assignment, BarChange, EquipmentCategory, EquipmentModel, Position, StatutoryRule
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    StatutoryKindFactory,
    StatutoryRuleFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def administrator():
    synchronise_roles()
    return PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())


def trail():
    rows = BarChange.objects.order_by("pk")
    return [(row.record_label, row.field, row.before, row.after, row.changed_by) for row in rows]


def test_a_machine_that_is_not_regulated_any_more_is_kept(administrator):
    model = EquipmentModelFactory(name="冷库", code="LK", is_regulated=True)

    with acting(administrator):
        model.is_regulated = False
        model.save()

    assert trail() == [("portal.equipmentmodel", "is_regulated", True, False, administrator)]
    assert BarChange.objects.get().record == "冷库 LK"


def test_what_is_no_part_of_the_bar_leaves_no_trail(administrator):
    model = EquipmentModelFactory()

    with acting(administrator):
        model.name = "新名称"
        model.save()
        EquipmentModelFactory(is_regulated=True)

    assert trail() == []


def test_many_changed_at_once_are_kept_each(administrator):
    one, other = EquipmentModelFactory(is_regulated=True), EquipmentModelFactory(is_regulated=True)

    with acting(administrator):
        EquipmentModel.objects.update(is_regulated=False)
        EquipmentModel.objects.bulk_update([one, other], ["is_regulated"])

    assert [row.record_id for row in BarChange.objects.order_by("pk")] == [one.pk, other.pk, one.pk, other.pk]


def test_rules_are_kept_as_they_come_change_and_go(administrator):
    kind, category = StatutoryKindFactory(name="操作证"), EquipmentCategoryFactory(name="冷冻设备")

    with acting(administrator):
        rule = StatutoryRule.objects.create(kind=kind, category=category)
        rule.tasks = [Task.REPAIR.value]
        rule.save()
        StatutoryRule.objects.filter(pk=rule.pk).delete()

    steps = [(before and before["tasks"], after and after["tasks"]) for _l, _f, before, after, _by in trail()]
    assert steps == [(None, []), ([], ["repair"]), (["repair"], None)]
    assert trail()[0][3]["category"] == {"id": category.pk, "name": "冷冻设备"}


def test_another_name_of_a_card_is_no_change_of_the_rule(administrator):
    rule = StatutoryRuleFactory()
    rule.kind.name = "另一个名称"
    rule.kind.save()

    with acting(administrator):
        rule.save()

    assert not BarChange.objects.filter(changed_by=administrator).exists()


def test_moves_of_categories_are_kept(administrator):
    here, there = EquipmentCategoryFactory(name="厨房设备"), EquipmentCategoryFactory(name="电梯")
    moved = EquipmentCategoryFactory(name="冷冻设备", parent=here)

    with acting(administrator):
        EquipmentCategory.objects.get(pk=moved.pk).move(EquipmentCategory.objects.get(pk=there.pk), "sorted-child")

    before, after = {"id": here.pk, "name": "厨房设备"}, {"id": there.pk, "name": "电梯"}
    assert trail() == [("portal.equipmentcategory", "parent", before, after, administrator)]


def test_posts_open_to_others_are_kept(administrator):
    post = PositionFactory(is_duty_gated=True)

    with acting(administrator):
        Position.objects.filter(pk=post.pk).update(is_duty_gated=False)

    assert trail() == [("portal.position", "is_duty_gated", True, False, administrator)]


def test_only_ones_own_posts_are_part_of_the_bar(administrator):
    own, other = AssignmentFactory(person=administrator), AssignmentFactory()

    with acting(administrator):
        for assignment in (own, other):
            assignment.end = assignment.start
            assignment.save()
        Assignment.objects.filter(pk=own.pk).update(start=own.start)
        AssignmentFactory(person=administrator)
        own.delete()

    last = own.start.isoformat()
    assert [(was["end"], now and now["end"]) for _label, _field, was, now, _by in trail()] == [
        (None, last),
        (last, None),
    ]


def test_a_change_that_is_rolled_back_leaves_nothing():
    model = EquipmentModelFactory(is_regulated=True)

    with transaction.atomic():
        model.is_regulated = False
        model.save()
        transaction.set_rollback(True)

    assert trail() == []


def test_the_form_of_the_editing_area_says_who(administrator, client_of):
    model = EquipmentModelFactory(name="冷库", is_regulated=True)
    url = reverse("equipmentmodel:edit", args=[model.pk])
    client = client_of(administrator)
    form = client.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"category": model.category_id}
    sent.pop("is_regulated")

    response = client.post(url, sent)

    assert response.status_code == 302
    assert trail() == [("portal.equipmentmodel", "is_regulated", True, False, administrator)]


def test_the_form_of_a_category_says_who_moved_it(administrator, client_of):
    there, moved = EquipmentCategoryFactory(), EquipmentCategoryFactory(name="冷冻设备")
    url = reverse("equipmentcategory:edit", args=[moved.pk])
    client = client_of(administrator)
    form = client.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"parent": there.pk}

    response = client.post(url, sent)

    assert response.status_code == 302
    assert [(field, by) for _label, field, _was, _now, by in trail()] == [("parent", administrator)]


def test_an_import_is_the_act_of_who_accepts_it(administrator):
    other = EquipmentCategoryFactory(name="普通设备", code="PT")
    model = EquipmentModelFactory(code="LK-1", name="冷库")
    table = f"型号,名称,类别\n{model.code},冷库,{other.name}\n".encode()

    accept_import(start_import(models_kind, table, by=administrator), by=administrator)

    model.refresh_from_db()
    assert model.category == other
    assert [(field, by) for _label, field, _was, _now, by in trail()] == [("category", administrator)]


def test_a_verb_says_who(administrator):
    model = EquipmentModelFactory(is_regulated=True)

    change_model(model, actor=administrator, is_regulated=False)

    assert BarChange.objects.get().changed_by == administrator


def test_what_the_portal_does_itself_waits_for_nobody():
    model = EquipmentModelFactory(is_regulated=True)

    EquipmentModel.objects.filter(pk=model.pk).update(is_regulated=False)

    assert BarChange.objects.count() == 1
    assert not BarChange.objects.waiting().exists()


def test_what_is_changed_back_does_not_wait(administrator):
    model = EquipmentModelFactory(is_regulated=True)
    for value in (False, True):
        with acting(administrator):
            EquipmentModel.objects.filter(pk=model.pk).update(is_regulated=value)

    assert not BarChange.objects.waiting().exists()
    outcomes = [(row.decision.outcome, row.decision.decided_by) for row in BarChange.objects.order_by("pk")]
    assert outcomes == [("undone", administrator)] * 2


def test_back_over_several_steps_settles_all_of_them(administrator):
    first, second, third = (EquipmentCategoryFactory() for _ in range(3))
    model = EquipmentModelFactory(category=first)
    for category in (second, third, first):
        with acting(administrator):
            EquipmentModel.objects.filter(pk=model.pk).update(category=category)

    assert not BarChange.objects.waiting().exists()


def test_a_change_of_what_was_confirmed_waits_although_it_stood_so_before(administrator):
    model = EquipmentModelFactory(is_regulated=False)
    with acting(administrator):
        EquipmentModel.objects.filter(pk=model.pk).update(is_regulated=True)
    confirmed = BarChange.objects.get()
    _confirmed_by_another(confirmed)

    with acting(administrator):
        EquipmentModel.objects.filter(pk=model.pk).update(is_regulated=False)

    assert [change.after for change in BarChange.objects.waiting()] == [False]


def _confirmed_by_another(change):
    return confirm_change(PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory()), change)
