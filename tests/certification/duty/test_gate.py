"""The duty gate: who is allowed, who is refused and why."""

import datetime as dt

import pytest
import time_machine

from certification import ledger
from certification.certificates.awards import award_if_complete
from portal.enums import Task
from portal.registry import duty
from portal.registry.duty import DutyQuestion
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    SchemeFactory,
    StatutoryCertificateFactory,
    StatutoryRequirementFactory,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import (
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    PersonFactory,
    StatutoryKindFactory,
    StatutoryRuleFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 18)
YESTERDAY = dt.date(2026, 3, 17)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cold_room():
    """A cold room below refrigeration, and the scheme that covers refrigeration."""
    kitchen = EquipmentCategoryFactory(name="商用厨房设备")
    refrigeration = EquipmentCategoryFactory(name="冷冻设备", parent=kitchen)
    scheme = full_scheme(name="冷冻设备维修上岗资格", category=refrigeration)
    return EquipmentModelFactory(name="冷库", category=refrigeration), scheme


def codes(answer):
    return [reason.code for reason in answer.reasons]


def answers(people, equipment, on=TODAY, known_at=NOW):
    questions = [DutyQuestion(person, on, known_at, equipment=equipment, task=Task.REPAIR) for person in people]
    return duty.ask_many(questions)


def requirement(scheme, kind):
    return scheme.requirements.get(kind=kind)


def show_everything(person, scheme):
    HourCreditFactory(person=person, module=requirement(scheme, "hours").module)
    AttemptFactory(person=person, quiz=requirement(scheme, "quiz").quiz)
    PracticalAssessmentFactory(person=person, checklist=requirement(scheme, "practical").checklist)


def test_new_technician_is_refused_with_every_reason(cold_room):
    equipment, _scheme = cold_room

    answer = duty.ask(PersonFactory(), equipment)

    assert not answer.allowed
    assert codes(answer) == ["hours_missing", "quiz_not_passed", "practical_not_signed"]
    assert "8" in answer.reasons[0].message
    assert answer.reasons[0].params["missing"] == 480
    assert list(answer.certificates) == []


def test_after_everything_is_shown_today_is_allowed_and_yesterday_refused(cold_room):
    equipment, scheme = cold_room
    person = PersonFactory()
    show_everything(person, scheme)
    award_if_complete(person, scheme)

    today = duty.ask(person, equipment)
    yesterday = duty.ask(person, equipment, on=YESTERDAY)

    assert today.allowed
    assert codes(today) == ["certified"]
    assert [item["scheme"] for item in today.certificates] == [scheme.code]
    assert not yesterday.allowed
    assert codes(yesterday) == ["not_yet_valid"]
    assert list(yesterday.certificates) == []


def test_before_it_was_known_the_same_day_is_refused(cold_room):
    equipment, scheme = cold_room
    person = PersonFactory()
    show_everything(person, scheme)
    award_if_complete(person, scheme)

    earlier = duty.ask(person, equipment, Task.REPAIR, TODAY, NOW - dt.timedelta(minutes=1))

    assert not earlier.allowed
    assert "practical_not_signed" in codes(earlier)


def test_scheme_of_a_category_above_covers_the_machine():
    parent = EquipmentCategoryFactory()
    equipment = EquipmentModelFactory(category=EquipmentCategoryFactory(parent=parent))
    person = PersonFactory()
    ledger.grant(person, SchemeFactory(scopes=[parent]), act_key="a")

    assert duty.ask(person, equipment).allowed


def test_scheme_of_a_sister_category_does_not_cover_the_machine():
    parent = EquipmentCategoryFactory()
    equipment = EquipmentModelFactory(category=EquipmentCategoryFactory(parent=parent))
    person = PersonFactory()
    ledger.grant(person, SchemeFactory(scopes=[EquipmentCategoryFactory(parent=parent)]), act_key="a")

    assert codes(duty.ask(person, equipment)) == ["no_scheme"]


def test_one_of_two_covering_schemes_is_enough(cold_room):
    equipment, _scheme = cold_room
    person = PersonFactory()
    ledger.grant(person, SchemeFactory(scopes=[equipment.category]), act_key="a")

    assert duty.ask(person, equipment).allowed


@pytest.fixture
def lift():
    """A dumb waiter: regulated, its scheme and the rule name the card."""
    category = EquipmentCategoryFactory(name="传菜梯")
    scheme = SchemeFactory(name="传菜梯维修上岗资格", scopes=[category])
    kind = StatutoryKindFactory(name="特种设备作业人员证")
    StatutoryRequirementFactory(scheme=scheme, statutory_kind=kind)
    StatutoryRuleFactory(category=category, kind=kind)
    person = PersonFactory()
    ledger.grant(person, scheme, act_key="lift", at=NOW - dt.timedelta(days=10))
    return person, EquipmentModelFactory(name="传菜梯", category=category, is_regulated=True), kind


def test_regulated_machine_is_refused_without_the_card(lift):
    person, equipment, kind = lift

    answer = duty.ask(person, equipment)

    assert not answer.allowed
    assert codes(answer) == ["statutory_missing"]
    assert kind.name in answer.reasons[0].message


def test_regulated_machine_is_allowed_with_the_card(lift):
    person, equipment, kind = lift
    StatutoryCertificateFactory(person=person, kind=kind, recorded_at=NOW)

    assert codes(duty.ask(person, equipment)) == ["certified", "statutory_valid"]
    assert codes(duty.ask(person, equipment, Task.REPAIR, TODAY, NOW - dt.timedelta(hours=1))) == ["statutory_missing"]


@pytest.mark.parametrize(
    "card",
    [
        {"valid_from": dt.date(2020, 1, 1), "valid_to": YESTERDAY},
        {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2027, 1, 1), "review_due": YESTERDAY},
    ],
    ids=["past its end", "not re-examined"],
)
def test_card_that_ran_out_is_refused(lift, card):
    person, equipment, kind = lift
    StatutoryCertificateFactory(person=person, kind=kind, recorded_at=NOW - dt.timedelta(days=30), **card)

    assert codes(duty.ask(person, equipment)) == ["statutory_expired"]
    assert duty.ask(person, equipment, on=YESTERDAY).allowed


def test_withdrawn_card_counts_until_the_withdrawal_was_known(lift):
    person, equipment, kind = lift
    StatutoryCertificateFactory(
        person=person,
        kind=kind,
        recorded_at=NOW - dt.timedelta(days=30),
        withdrawn_on=YESTERDAY,
        withdrawn_recorded_at=NOW,
    )

    assert codes(duty.ask(person, equipment)) == ["statutory_missing"]
    assert duty.ask(person, equipment, Task.REPAIR, TODAY, NOW - dt.timedelta(hours=1)).allowed


def test_card_of_the_rule_is_asked_for_whatever_the_scheme_says(cold_room):
    equipment, scheme = cold_room
    rule = StatutoryRuleFactory(category=equipment.category, tasks=[Task.REPAIR])
    person = PersonFactory()
    ledger.grant(person, scheme, act_key="a", at=NOW - dt.timedelta(days=10))

    without = duty.ask(person, equipment)
    StatutoryCertificateFactory(person=person, kind=rule.kind, recorded_at=NOW)
    holding = duty.ask(person, equipment)

    assert (without.allowed, codes(without)) == (False, ["statutory_missing"])
    assert rule.kind.name in without.reasons[0].message
    assert (holding.allowed, codes(holding)) == (True, ["certified", "statutory_valid"])


def test_card_of_the_rule_counts_as_it_was_known(cold_room):
    equipment, scheme = cold_room
    rule = StatutoryRuleFactory(category=equipment.category)
    person = PersonFactory()
    ledger.grant(person, scheme, act_key="a", at=NOW - dt.timedelta(days=10))
    StatutoryCertificateFactory(person=person, kind=rule.kind, recorded_at=NOW)

    assert codes(duty.ask(person, equipment, Task.REPAIR, TODAY, NOW - dt.timedelta(minutes=1))) == [
        "statutory_missing"
    ]


def test_rule_for_another_task_asks_nothing_of_a_repair(cold_room):
    equipment, scheme = cold_room
    StatutoryRuleFactory(category=equipment.category, tasks=[Task.MAINTAIN])
    person = PersonFactory()
    ledger.grant(person, scheme, act_key="a")

    assert codes(duty.ask(person, equipment)) == ["certified"]


def test_same_card_of_rule_and_scheme_is_said_once(lift):
    person, equipment, _kind = lift

    assert codes(duty.ask(person, equipment)) == ["statutory_missing"]


def test_card_a_scheme_asks_for_beside_the_rules_still_counts(lift):
    person, equipment, kind = lift
    StatutoryCertificateFactory(person=person, kind=kind, recorded_at=NOW)
    further = StatutoryRequirementFactory(scheme=requirement_scheme(kind), order=4)

    answer = duty.ask(person, equipment)

    assert codes(answer) == ["statutory_missing"]
    assert further.statutory_kind.name in answer.reasons[0].message


def requirement_scheme(kind):
    return kind.requirements.get().scheme


def test_regulated_machine_no_rule_covers_is_refused_and_says_so(cold_room):
    equipment, scheme = cold_room
    equipment.is_regulated = True
    equipment.save()
    StatutoryRequirementFactory(scheme=scheme)
    person = PersonFactory()
    StatutoryCertificateFactory(person=person, kind=scheme.requirements.get(kind="statutory").statutory_kind)
    ledger.grant(person, scheme, act_key="a")

    answer = duty.ask(person, equipment)

    assert (answer.allowed, codes(answer)) == (False, ["no_statutory_rule"])
    assert equipment.name in answer.reasons[0].message


def test_suspended_expired_revoked_are_refused_with_facts(cold_room):
    equipment, scheme = cold_room
    suspended, revoked, expired = PersonFactory(), PersonFactory(), PersonFactory()
    long_ago = NOW - dt.timedelta(days=100)
    for person in (suspended, revoked):
        ledger.grant(person, scheme, act_key=person.staff_number, at=long_ago)
    ledger.grant(expired, scheme, act_key="old", at=NOW - dt.timedelta(days=900))
    ledger.suspend(suspended, scheme, reason="违章作业", act_key="s", by=None)
    ledger.revoke(revoked, scheme, reason="伪造记录", act_key="r", by=None)

    found = {answer.person: answer for answer in answers([suspended, revoked, expired], equipment, TODAY, NOW)}

    assert codes(found[suspended]) == ["suspended"]
    assert "违章作业" in found[suspended].reasons[0].message
    assert codes(found[revoked])[0] == "revoked"
    assert codes(found[expired])[0] == "expired"
    assert not any(answer.allowed for answer in found.values())
    assert all(answer.allowed for answer in answers([suspended, revoked], equipment, YESTERDAY, NOW))


def test_inactive_person_is_refused_from_today_but_the_past_stays_true(cold_room):
    equipment, scheme = cold_room
    person = PersonFactory(is_active=False)
    ledger.grant(person, scheme, act_key="a", at=NOW - dt.timedelta(days=10))

    assert codes(duty.ask(person, equipment)) == ["person_inactive"]
    assert duty.ask(person, equipment, on=YESTERDAY).allowed


def test_gate_asks_a_fixed_number_of_queries(cold_room, django_assert_num_queries):
    equipment, scheme = cold_room
    people = [PersonFactory() for _number in range(3)]
    for person in people:
        ledger.grant(person, scheme, act_key=person.staff_number)

    answers(people, equipment, TODAY, NOW)

    for number in (1, 3):
        with django_assert_num_queries(4):
            answers(people[:number], equipment, TODAY, NOW)
