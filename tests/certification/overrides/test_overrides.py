"""Overrides: who approves and withdraws them, what they never override, past days and what was known then."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification import ledger
from certification.duty.queries import allowed_on
from certification.enums import ReasonCode
from certification.errors import ActKeyTaken
from certification.models import DutyOverride
from certification.overrides import errors
from certification.overrides.domain import approve_override, withdraw_override
from certification.requirements.overrides import Override
from certification.statutory.cards import CardReason
from certification.stops.domain import stop_work
from portal.enums import Task
from portal.models import AuditEvent, PortalSettings
from portal.registry import duty
from portal.registry.duty import DutyQuestion
from tests.certification.conftest import NOON
from tests.factories.portal import EquipmentModelFactory, StatutoryRuleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

TODAY = dt.date(2026, 3, 18)
DAY = dt.timedelta(days=1)
OTHERS = ["technician", "colleague", "dispatcher", "trainer", "assessor", "auditor", "far_manager", "customer"]


def approve(network, by="manager", person="technician", **facts):
    facts = {
        "model": network["equipment"],
        "tasks": [Task.REPAIR],
        "reason": "师傅在场指导",
        "starts_on": TODAY,
        "ends_on": TODAY + 2 * DAY,
        "form_key": uuid.uuid4(),
    } | facts
    return approve_override(network[by], network[person], **facts)


def ask(network, who="technician", on=TODAY, known_at=None, task=Task.REPAIR, equipment=None):
    moment = known_at or NOON + dt.timedelta(hours=1)
    question = DutyQuestion(network[who], on, moment, equipment=equipment or network["equipment"], task=task)
    return duty.ask_many([question])[0]


def test_override_allows_with_its_reason_and_what_is_missing_stays_listed(network):
    before = ask(network)
    assert not before.allowed
    approve(network)

    answer = ask(network)
    assert answer.allowed
    assert answer.is_overridden
    first, *missing = answer.reasons
    assert (first.code, first.met) == (ReasonCode.OVERRIDDEN, True)
    assert network["manager"].name in first.message
    assert "师傅在场指导" in first.message
    assert first.params["valid_to"] == "2026-03-20"
    assert missing == list(before.reasons)
    assert answer.way_out == before.way_out


def test_it_is_for_this_person_these_tasks_this_equipment_alone(network):
    approve(network)
    assert not ask(network, "colleague").allowed
    assert not ask(network, task=Task.INSTALL).allowed
    assert not ask(network, equipment=EquipmentModelFactory()).allowed


def test_override_of_a_category_reaches_what_is_below_it(network):
    approve(network, model=None, category=network["equipment"].category)
    assert ask(network).allowed


def test_who_needs_none_is_not_said_to_be_overridden(network):
    ledger.grant(network["technician"], network["scheme"], act_key=uuid.uuid4().hex)
    approve(network)
    answer = ask(network)
    assert answer.allowed
    assert not answer.is_overridden
    assert ReasonCode.OVERRIDDEN not in [reason.code for reason in answer.reasons]


def test_people_answered_for_are_in_the_list_of_the_allowed(network):
    override = approve(network)
    assert [each.person for each in allowed_on(network["manager"], network["equipment"], Task.REPAIR, TODAY)] == [
        network["technician"]
    ]
    withdraw_override(network["manager"], override, reason="已取消")
    assert not list(allowed_on(network["manager"], network["equipment"], Task.REPAIR, TODAY))


def test_past_days_and_what_was_known_stay_answered(network):
    override = approve(network)
    assert not ask(network, known_at=NOON - dt.timedelta(seconds=1)).allowed
    assert not ask(network, on=TODAY - DAY).allowed
    assert ask(network, on=TODAY + 2 * DAY).allowed
    assert not ask(network, on=TODAY + 3 * DAY).allowed
    with time_machine.travel(NOON + DAY):
        withdraw_override(network["manager"], override, reason="师傅离场")
    later = NOON + 2 * DAY
    assert ask(network, known_at=later).allowed
    assert not ask(network, on=TODAY + DAY, known_at=later).allowed
    assert ask(network, on=TODAY + DAY, known_at=NOON + dt.timedelta(hours=2)).allowed


def test_a_stop_is_not_overridden(network):
    approve(network)
    stop_work(
        network["administrator"], model=network["equipment"], reason="召回", form_key=uuid.uuid4(), starts_on=TODAY
    )
    # A stop is read with the schemes; what is asked a moment later knows both.
    answer = ask(network)
    assert not answer.allowed
    assert ReasonCode.WORK_STOPPED in [reason.code for reason in answer.reasons]


def test_a_missing_statutory_card_is_not_overridden(network):
    StatutoryRuleFactory(category=network["equipment"].category)
    approve(network)
    answer = ask(network)
    assert not answer.allowed
    assert CardReason.MISSING in [reason.code for reason in answer.reasons]


def test_an_inactive_person_is_not_overridden(network):
    approve(network)
    network["technician"].is_active = False
    network["technician"].save()
    assert not ask(network).allowed
    with pytest.raises(errors.PersonLeft):
        approve(network)


@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_what_was_taken_away_is_not_overridden(network, act):
    person, scheme, by = network["technician"], network["scheme"], network["manager"]
    ledger.grant(person, scheme, act_key=uuid.uuid4().hex)
    getattr(ledger, act)(person, scheme, reason="违章操作", act_key=uuid.uuid4().hex, by=by)
    approve(network)
    assert not ask(network).allowed


def test_a_suspension_is_not_overridden_when_the_grant_has_run_out_meanwhile(network):
    person, scheme, by = network["technician"], network["scheme"], network["manager"]
    entry = ledger.grant(person, scheme, act_key=uuid.uuid4().hex)
    ledger.suspend(person, scheme, reason="违章操作", act_key=uuid.uuid4().hex, by=by)
    after = entry.valid_to + 5 * DAY
    with time_machine.travel(dt.datetime.combine(after, dt.time(4), dt.UTC)):
        approve(network, starts_on=after, ends_on=after)
        answer = ask(network, on=after, known_at=dt.datetime.combine(after, dt.time(5), dt.UTC))
    assert ReasonCode.EXPIRED in [reason.code for reason in answer.reasons]
    assert not answer.allowed


def test_question_takes_no_query_more(network, django_assert_num_queries):
    approve(network)
    ask(network)
    with django_assert_num_queries(4):
        assert ask(network).allowed


@pytest.mark.parametrize("who", OTHERS)
def test_others_neither_approve_nor_withdraw(network, who):
    with pytest.raises(errors.MayNotOverride):
        approve(network, who)
    override = approve(network)
    with pytest.raises(errors.MayNotOverride):
        withdraw_override(network[who], override, reason="撤销")
    assert DutyOverride.objects.count() == 1
    assert ask(network).allowed


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_nobody_answers_for_oneself(network, who):
    with pytest.raises(errors.MayNotOverride):
        approve(network, who, who)


def test_database_refuses_what_the_verb_refuses(network):
    good = {
        "person": network["technician"],
        "approved_by": network["manager"],
        "model": network["equipment"],
        "tasks": ["repair"],
        "starts_on": TODAY,
        "ends_on": TODAY,
        "reason": "抢修",
    }
    for bad in (
        {"approved_by": network["technician"]},
        {"model": None},
        {"tasks": []},
        {"ends_on": TODAY - DAY},
        {"reason": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyOverride.objects.create(**(good | bad), form_key=uuid.uuid4())


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"model": None}, errors.OverrideNeedsOneEquipment),
        ({"tasks": []}, errors.OverrideNeedsTasks),
        ({"tasks": ["fly"]}, errors.OverrideNeedsTasks),
        ({"reason": "  "}, errors.OverrideNeedsReason),
        ({"starts_on": TODAY - DAY}, errors.ImpossibleOverrideDays),
        ({"ends_on": TODAY - DAY}, errors.ImpossibleOverrideDays),
        ({"ends_on": TODAY + 7 * DAY}, errors.OverrideTooLong),
    ],
)
def test_bad_overrides_are_refused(network, facts, error):
    with pytest.raises(error):
        approve(network, **facts)
    assert not DutyOverride.objects.exists()


def test_the_longest_is_a_setting(network):
    approve(network, ends_on=TODAY + 6 * DAY)
    chosen = PortalSettings.load()
    chosen.override_days = 2
    chosen.save()
    with pytest.raises(errors.OverrideTooLong, match="2"):
        approve(network)


def test_withdrawal_is_once_with_a_reason_and_before_the_end(network):
    override, over = approve(network), approve(network)
    with pytest.raises(errors.OverrideNeedsReason):
        withdraw_override(network["manager"], override, reason=" ")
    withdraw_override(network["manager"], override, reason="撤销")
    with pytest.raises(errors.AlreadyWithdrawn):
        withdraw_override(network["manager"], override, reason="撤销")
    with time_machine.travel(NOON + 9 * DAY), pytest.raises(errors.OverrideOver):
        withdraw_override(network["manager"], over, reason="撤销")


def test_second_post_finds_the_first_and_acts_are_audited(network):
    key = uuid.uuid4()
    first = approve(network, form_key=key)
    assert approve(network, form_key=key) == first
    with pytest.raises(ActKeyTaken):
        approve(network, "administrator", form_key=key)
    withdraw_override(network["manager"], first, reason="撤销")
    acts = ["certification.overridden", "certification.override_withdrawn"]
    assert [AuditEvent.objects.filter(action=act).count() for act in acts] == [1, 1]


days = st.integers(-8, 8)


@given(start=days, length=st.integers(0, 6), seen=days, out=st.none() | days, on=days, known=days)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_an_override_counts_exactly_between_its_days_as_known(start, length, seen, out, on, known):
    machine = EquipmentModelFactory.build(pk=1)
    withdrawn = None if out is None else TODAY + out * DAY
    recorded = None if out is None else NOON + out * DAY
    first, last = TODAY + start * DAY, TODAY + (start + length) * DAY
    override = Override(1, None, 1, frozenset({"repair"}), first, last, NOON + seen * DAY, "", "x", withdrawn, recorded)
    is_out = out is not None and out <= known and on >= out
    expected = seen <= known and start <= on <= start + length and not is_out
    assert override.bears_on(machine, "repair", TODAY + on * DAY, NOON + known * DAY) is expected
    assert not override.bears_on(machine, "install", TODAY + on * DAY, NOON + known * DAY)
