"""Work the gate judges alike is asked about once."""

import pytest
from django.utils import timezone

from certification.duty.work import judge, opened_work, verdict_on
from portal.enums import Task
from tests.factories.certification import ConditionFactory, SchemeFactory, category_of, certificate_for
from tests.factories.portal import (
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    PersonFactory,
    PositionFactory,
    StatutoryRuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory(tasks=[Task.MAINTAIN, Task.REPAIR], scopes=[EquipmentCategoryFactory()])


@pytest.fixture
def machines(scheme):
    return [EquipmentModelFactory(code=f"M{number}", category=category_of(scheme)) for number in range(5)]


def told(work):
    """Return the task or post of each work with the codes of its machines."""
    return {(each.task or each.position, tuple(model.code for model in each.models)) for each in work}


ALL = ("M0", "M1", "M2", "M3", "M4")


def test_machines_nobody_tells_apart_are_one(scheme, machines):
    EquipmentModelFactory()
    assert told(opened_work()) == {(Task.MAINTAIN, ALL), (Task.REPAIR, ALL)}
    assert all(each.openers == {scheme.pk} for each in opened_work())


def test_a_rule_a_condition_a_scheme_or_the_law_tells_machines_apart(scheme, machines):
    StatutoryRuleFactory(category=None, model=machines[0], tasks=[Task.REPAIR])
    ConditionFactory(tasks=[Task.REPAIR], scopes=[machines[1]])
    other = SchemeFactory(tasks=[Task.REPAIR], scopes=[machines[2]])
    machines[3].is_regulated = True
    machines[3].save()

    work = opened_work()

    repair = {codes for task, codes in told(work) if task == Task.REPAIR}
    assert repair == {("M0",), ("M1",), ("M2",), ("M3",), ("M4",)}
    assert {codes for task, codes in told(work) if task == Task.MAINTAIN} == {("M0", "M1", "M2", "M4"), ("M3",)}
    assert [each.openers for each in work if each.models[0].code == "M2" and each.task == Task.REPAIR] == [
        {scheme.pk, other.pk}
    ]


def test_posts_of_schemes_without_equipment_are_work():
    positions = [PositionFactory(), PositionFactory(), PositionFactory()]
    reception = SchemeFactory(scopes=[], positions=positions)
    second = SchemeFactory(scopes=[], positions=positions[2:])

    work = opened_work()

    assert [(each.position, each.openers) for each in work] == [
        (positions[0], {reception.pk}),
        (positions[2], {reception.pk, second.pk}),
    ]


def test_verdict_is_of_the_work_of_one_scheme(scheme, machines):
    person = PersonFactory()
    certificate_for(person, scheme)
    rule = StatutoryRuleFactory(category=None, model=machines[0], tasks=[Task.REPAIR])
    held = {person.pk: {scheme.pk}}

    judged = judge([person], held, opened_work(), timezone.localdate(), timezone.now())
    verdict = verdict_on(scheme, judged[person.pk])

    assert (verdict.is_refused, verdict.is_restricted) == (False, True)
    assert verdict.messages == [f"维修 {machines[0].name}：缺少法定证件：{rule.kind.name}"]


def test_nothing_is_asked_of_who_holds_nothing(scheme, machines, django_assert_num_queries):
    person, work = PersonFactory(), opened_work()
    with django_assert_num_queries(0):
        assert judge([person], {}, work, timezone.localdate(), timezone.now()) == {person.pk: []}


@pytest.mark.parametrize("more", [1, 20])
def test_finding_work_takes_as_many_queries_for_many_machines(scheme, machines, more, django_assert_num_queries):
    for _number in range(more):
        EquipmentModelFactory(category=category_of(scheme))
        SchemeFactory(scopes=[], positions=[PositionFactory()])
    with django_assert_num_queries(3):
        opened_work()
