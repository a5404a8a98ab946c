"""What a scheme opens: tasks, machines and posts, and the conditions that must hold besides."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from certification import ledger
from certification.duty.queries import allowed_in_post
from certification.models import Scheme
from portal.enums import Role, Task, Tier
from portal.registry import duty
from portal.registry.duty import DutyQuestion
from tests.factories.certification import (
    ConditionFactory,
    HoursRequirementFactory,
    SchemeFactory,
    StatutoryRequirementFactory,
    certificate_for,
)
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 18)
YESTERDAY = dt.date(2026, 3, 17)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cold_room():
    return EquipmentModelFactory(name="冷库", category=EquipmentCategoryFactory(name="冷冻设备"))


def hold(person, *schemes, days_ago=10):
    for scheme in schemes:
        at = NOW - dt.timedelta(days=days_ago)
        ledger.grant(person, scheme, act_key=f"{person.pk}:{scheme.pk}", at=at)
    return person


def codes(answer):
    return [reason.code for reason in answer.reasons]


# --- tasks and scopes ------------------------------------------------------------------------------------------------


def test_operator_scheme_lets_a_customers_contact_operate_and_not_repair(cold_room):
    scheme = SchemeFactory(tasks=[Task.OPERATE], scopes=[cold_room.category])
    contact = PersonFactory(organisation=OrganisationFactory(tier=Tier.CUSTOMER), roles=[Role.CUSTOMER_CONTACT])
    hold(contact, scheme)

    answers = {task: duty.ask(contact, cold_room, task) for task in Task}

    assert [task for task, answer in answers.items() if answer.allowed] == [Task.OPERATE]
    assert codes(answers[Task.REPAIR]) == ["no_scheme"]
    assert "维修" in answers[Task.REPAIR].reasons[0].message


def test_task_is_repair_when_nothing_is_said(cold_room):
    person = hold(PersonFactory(), SchemeFactory(tasks=[Task.REPAIR], scopes=[cold_room.category]))

    assert duty.ask(person, cold_room) == duty.ask(person, cold_room, Task.REPAIR)
    assert duty.ask(person, cold_room).allowed


def test_scheme_of_a_single_model_opens_that_model_only(cold_room):
    sister = EquipmentModelFactory(category=cold_room.category)
    person = hold(PersonFactory(), SchemeFactory(tasks=[Task.REPAIR], scopes=[cold_room]))

    assert duty.ask(person, cold_room).allowed
    assert codes(duty.ask(person, sister)) == ["no_scheme"]


def test_scheme_may_cover_several_categories_and_models(cold_room):
    oven, lift = EquipmentModelFactory(), EquipmentModelFactory()
    person = hold(PersonFactory(), SchemeFactory(tasks=[Task.REPAIR], scopes=[cold_room.category, oven]))

    allowed = [duty.ask(person, machine).allowed for machine in (cold_room, oven, lift)]

    assert allowed == [True, True, False]


def test_any_one_of_two_openers_suffices_and_the_others_are_not_missed(cold_room):
    person = hold(PersonFactory(), SchemeFactory(scopes=[cold_room.category]))
    HoursRequirementFactory(scheme=SchemeFactory(scopes=[cold_room.category]))

    assert codes(duty.ask(person, cold_room)) == ["certified"]


def test_scheme_without_scope_opens_no_machine(cold_room):
    person = hold(PersonFactory(), SchemeFactory(tasks=list(Task), scopes=[], positions=[PositionFactory()]))

    assert codes(duty.ask(person, cold_room)) == ["no_scheme"]


def test_scheme_out_of_force_opens_nothing_and_asks_for_nothing(cold_room):
    person = hold(PersonFactory(), SchemeFactory(scopes=[cold_room.category]))
    ConditionFactory(is_active=False)
    closed = SchemeFactory(tasks=[Task.OPERATE], scopes=[cold_room.category], is_active=False)
    hold(person, closed)

    assert duty.ask(person, cold_room).allowed
    assert codes(duty.ask(person, cold_room, Task.OPERATE)) == ["no_scheme"]


# --- conditions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def repairer(cold_room):
    return hold(PersonFactory(), SchemeFactory(name="冷冻设备维修", scopes=[cold_room.category]))


def test_unmet_condition_refuses_with_what_is_missing_of_it(cold_room, repairer):
    condition = ConditionFactory(name="三级安全教育")
    HoursRequirementFactory(scheme=condition)

    answer = duty.ask(repairer, cold_room)

    assert not answer.allowed
    assert codes(answer) == ["condition_missing", "hours_missing"]
    assert "三级安全教育" in answer.reasons[0].message
    assert list(answer.certificates) == []


def test_met_condition_is_shown_beside_the_opener(cold_room, repairer):
    condition = ConditionFactory(name="三级安全教育")
    certificate = certificate_for(repairer, condition)

    answer = duty.ask(repairer, cold_room)

    assert answer.allowed
    assert codes(answer) == ["certified", "condition_met"]
    assert certificate.number in [item["number"] for item in answer.certificates]


def test_condition_alone_opens_nothing(cold_room):
    SchemeFactory(scopes=[cold_room.category])
    person = hold(PersonFactory(), ConditionFactory(tasks=[Task.REPAIR], scopes=[cold_room.category]))

    assert not duty.ask(person, cold_room).allowed


def test_every_condition_must_hold(cold_room, repairer):
    hold(repairer, ConditionFactory())
    ConditionFactory(name="年度学时")

    assert codes(duty.ask(repairer, cold_room)) == ["condition_missing", "not_granted"]


@pytest.mark.parametrize("taken", ["suspended", "expired", "yesterday"])
def test_condition_stands_on_the_day_or_refuses(cold_room, repairer, taken):
    condition = ConditionFactory()
    hold(repairer, condition, days_ago={"expired": 900, "suspended": 5, "yesterday": 0}[taken])
    if taken == "suspended":
        ledger.suspend(repairer, condition, reason="违章", act_key="s", by=None)

    answer = duty.ask(repairer, cold_room, on=YESTERDAY if taken == "yesterday" else TODAY)

    expected = {"expired": "expired", "suspended": "suspended", "yesterday": "not_yet_valid"}[taken]
    assert codes(answer)[:2] == ["condition_missing", expected]


def test_condition_limited_to_tasks_and_equipment_leaves_the_rest_alone(cold_room):
    sister = EquipmentModelFactory(category=cold_room.category)
    both = SchemeFactory(tasks=[Task.REPAIR, Task.MAINTAIN], scopes=[cold_room.category])
    person = hold(PersonFactory(), both)
    ConditionFactory(tasks=[Task.REPAIR], scopes=[cold_room])

    allowed = [
        duty.ask(person, machine, task).allowed
        for machine in (cold_room, sister)
        for task in (Task.REPAIR, Task.MAINTAIN)
    ]

    assert allowed == [False, True, True, True]


def test_condition_of_a_post_holds_for_those_in_it_on_the_day(cold_room, repairer):
    position = PositionFactory()
    ConditionFactory(positions=[position])
    colleague = hold(PersonFactory(), SchemeFactory(scopes=[cold_room.category]))
    AssignmentFactory(person=repairer, position=position, start=TODAY)

    assert not duty.ask(repairer, cold_room).allowed
    assert duty.ask(repairer, cold_room, on=YESTERDAY).allowed
    assert duty.ask(colleague, cold_room).allowed


def test_posts_are_judged_as_they_were_known(cold_room, repairer):
    position = PositionFactory()
    ConditionFactory(positions=[position])
    before = NOW - dt.timedelta(days=3)
    with time_machine.travel(NOW - dt.timedelta(days=2), tick=False):
        # Entered late, with an earlier first day.
        held = AssignmentFactory(person=repairer, position=position, start=TODAY - dt.timedelta(days=9))
    with time_machine.travel(NOW - dt.timedelta(days=1), tick=False):
        entered = timezone.now()
        held.end = TODAY - dt.timedelta(days=5)
        held.save()

    assert duty.ask(repairer, cold_room, on=TODAY, known_at=before).allowed
    assert not duty.ask(repairer, cold_room, on=TODAY, known_at=entered - dt.timedelta(minutes=1)).allowed
    assert duty.ask(repairer, cold_room, on=TODAY, known_at=entered).allowed
    assert not duty.ask(repairer, cold_room, on=TODAY - dt.timedelta(days=5), known_at=NOW).allowed

    held.delete()
    assert duty.ask(repairer, cold_room, on=TODAY - dt.timedelta(days=5), known_at=NOW + dt.timedelta(1)).allowed
    assert not duty.ask(repairer, cold_room, on=TODAY - dt.timedelta(days=5), known_at=entered).allowed


def test_an_assignment_given_to_somebody_else_was_theirs_before(cold_room, repairer):
    position = PositionFactory()
    ConditionFactory(positions=[position])
    colleague = hold(PersonFactory(), Scheme.objects.openers().get())
    with time_machine.travel(NOW - dt.timedelta(days=1), tick=False):
        held = AssignmentFactory(person=repairer, position=position, start=YESTERDAY)
        then = timezone.now()
    held.person = colleague
    held.save()

    assert [duty.ask(person, cold_room, known_at=then).allowed for person in (repairer, colleague)] == [False, True]
    assert [duty.ask(person, cold_room).allowed for person in (repairer, colleague)] == [True, False]


def test_statutory_card_of_a_condition_is_asked_for(cold_room, repairer):
    condition = ConditionFactory()
    hold(repairer, condition)
    StatutoryRequirementFactory(scheme=condition)

    assert codes(duty.ask(repairer, cold_room)) == ["condition_missing", "statutory_missing"]


# --- posts ------------------------------------------------------------------------------------------------------------


def test_gated_post_without_scheme_is_refused():
    answer = duty.ask_post(PersonFactory(), PositionFactory(is_duty_gated=True))

    assert not answer.allowed
    assert codes(answer) == ["no_scheme"]


def test_open_post_is_allowed_and_says_so():
    answer = duty.ask_post(PersonFactory(), PositionFactory(title="仓管员"))

    assert answer.allowed
    assert codes(answer) == ["post_open"]
    assert "仓管员" in answer.reasons[0].message


def test_post_scheme_opens_its_post_from_the_day_of_the_grant():
    position = PositionFactory(is_duty_gated=True)
    scheme = SchemeFactory(tasks=[Task.OPERATE], scopes=[], positions=[position])
    person = hold(PersonFactory(), scheme, days_ago=0)

    assert duty.ask_post(person, position).allowed
    assert codes(duty.ask_post(person, position)) == ["certified"]
    assert codes(duty.ask_post(person, position, on=YESTERDAY)) == ["not_yet_valid"]
    assert codes(duty.ask_post(person, position, TODAY, NOW - dt.timedelta(minutes=1))) == ["not_granted"]
    assert not duty.ask_post(PersonFactory(), position).allowed


def test_post_takes_every_opening_scheme_that_names_it():
    position = PositionFactory(title="客服兼检修", is_duty_gated=True)
    reception = SchemeFactory(name="客服受理", scopes=[], positions=[position])
    repair = SchemeFactory(name="冷冻维修", positions=[position])
    requirement = HoursRequirementFactory(scheme=repair)
    one, both = hold(PersonFactory(), reception), hold(PersonFactory(), reception, repair)

    refused, allowed = duty.ask_post(one, position), duty.ask_post(both, position)

    assert codes(refused) == ["post_scheme_missing", "hours_missing"]
    assert refused.reasons[0].message == "客服兼检修还须持有：冷冻维修"
    assert [(way["code"], way["url"]) for way in refused.way_out] == [
        ("post_scheme_missing", "/certification/"),
        ("hours_missing", f"/courses/modules/{requirement.module.code}/"),
    ]
    assert allowed.allowed
    assert [row["name"] for row in allowed.certificates] == ["客服受理", "冷冻维修"]
    assert codes(duty.ask_post(PersonFactory(), position)) == [
        "post_scheme_missing",
        "not_granted",
        "post_scheme_missing",
        "hours_missing",
    ]


@pytest.mark.parametrize("gated", [True, False])
def test_post_takes_its_openers_and_its_conditions_whether_gated_or_not(gated):
    position = PositionFactory(is_duty_gated=gated)
    opener, condition = SchemeFactory(positions=[position]), ConditionFactory(positions=[position])
    person = hold(PersonFactory(), opener)

    before = duty.ask_post(person, position)
    hold(person, condition)

    assert codes(before) == ["condition_missing", "not_granted"]
    assert duty.ask_post(person, position).allowed


def test_scheme_out_of_force_is_not_asked_for_in_its_post():
    position = PositionFactory(is_duty_gated=True)
    opener = SchemeFactory(positions=[position])
    SchemeFactory(positions=[position], is_active=False)
    assert duty.ask_post(hold(PersonFactory(), opener), position).allowed


def test_one_of_the_schemes_of_a_post_still_opens_work_on_its_machines(cold_room):
    position = PositionFactory(is_duty_gated=True)
    repair = SchemeFactory(scopes=[cold_room.category], positions=[position])
    SchemeFactory(positions=[position])
    assert duty.ask(hold(PersonFactory(), repair), cold_room).allowed


def test_who_may_hold_a_post_holds_all_of_its_schemes():
    hq = OrganisationFactory()
    position = PositionFactory(organisation=hq, is_duty_gated=True)
    first, second = SchemeFactory(positions=[position]), SchemeFactory(positions=[position])
    asker = PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR])
    hold(PersonFactory(organisation=hq), first)
    hold(PersonFactory(organisation=hq), second)
    both = hold(PersonFactory(organisation=hq), first, second)

    assert [answer.person for answer in allowed_in_post(asker, position, TODAY)] == [both]
    assert list(allowed_in_post(asker, PositionFactory(organisation=hq), TODAY)) == []


def test_conditions_of_the_post_and_of_everybody_hold_for_the_post():
    position, other = PositionFactory(is_duty_gated=True), PositionFactory()
    opener = SchemeFactory(scopes=[], positions=[position])
    own = ConditionFactory(positions=[position])
    general = ConditionFactory()
    ConditionFactory(positions=[other])
    ConditionFactory(tasks=[Task.REPAIR])
    person = hold(PersonFactory(), opener)

    refused = codes(duty.ask_post(person, position))
    hold(person, own, general)

    assert refused == ["condition_missing", "not_granted"] * 2
    assert duty.ask_post(person, position).allowed


def test_gated_post_that_requires_only_a_condition_is_opened_by_it():
    position = PositionFactory(is_duty_gated=True)
    condition = ConditionFactory(positions=[position])

    assert duty.ask_post(hold(PersonFactory(), condition), position).allowed
    assert codes(duty.ask_post(PersonFactory(), position)) == ["condition_missing", "not_granted"]


# --- the way out, many at once ------------------------------------------------------------------------------------


def test_way_out_says_what_to_do_about_each_unmet_reason(cold_room):
    scheme = SchemeFactory(scopes=[cold_room.category])
    requirement = HoursRequirementFactory(scheme=scheme)
    StatutoryRequirementFactory(scheme=scheme)

    answer = duty.ask(PersonFactory(), cold_room)

    assert [way["code"] for way in answer.way_out] == codes(answer) == ["hours_missing", "statutory_missing"]
    assert answer.way_out[0]["url"] == f"/courses/modules/{requirement.module.code}/"
    assert all(way["message"] for way in answer.way_out)


def test_every_refusal_has_a_way_out(cold_room, repairer):
    condition = ConditionFactory()
    gated = PositionFactory(is_duty_gated=True)
    suspended = hold(PersonFactory(), condition)
    ledger.suspend(suspended, condition, reason="违章", act_key="s", by=None)
    gone = PersonFactory(is_active=False)

    answers = [duty.ask(person, cold_room) for person in (repairer, suspended, gone)]
    answers.append(duty.ask_post(repairer, gated))

    assert not any(answer.allowed for answer in answers)
    assert all(way["message"] for answer in answers for way in answer.way_out)
    assert all([way["code"] for way in answer.way_out] == codes(answer) for answer in answers)


def test_allowed_answer_has_no_way_out(cold_room, repairer):
    assert list(duty.ask(repairer, cold_room).way_out) == []


def test_mixed_questions_are_answered_in_order_and_in_as_many_queries_as_one(
    cold_room, repairer, django_assert_num_queries
):
    position = PositionFactory()
    ConditionFactory(positions=[position])
    machine = DutyQuestion(repairer, TODAY, NOW, equipment=cold_room, task=Task.REPAIR)
    operating = DutyQuestion(repairer, TODAY, NOW, equipment=cold_room, task=Task.OPERATE)
    post = DutyQuestion(PersonFactory(), YESTERDAY, NOW, position=position)
    duty.ask_many([machine])

    with django_assert_num_queries(4):
        duty.ask_many([machine])
    with django_assert_num_queries(4):
        answers = duty.ask_many([post, machine, operating])

    assert [answer.allowed for answer in answers] == [False, True, False]


@pytest.mark.parametrize("asked", [{}, {"equipment": "x"}, {"task": "x"}, {"equipment": "x", "position": "x"}])
def test_question_names_a_machine_and_a_task_or_a_post(asked):
    with pytest.raises(ValueError, match="a machine and a task, or a post"):
        DutyQuestion(PersonFactory(), TODAY, NOW, **asked)
