"""Stops of work: who orders and lifts them, and what the gate answers, on past days and as known then."""

import datetime as dt
import uuid

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification import ledger
from certification.enums import ReasonCode
from certification.models import WorkStop
from certification.stops.domain import lift_stop, stop_work
from certification.stops.errors import AlreadyLifted, MayNotStop, OneEquipment, ResumesTooEarly, StopReasonNeeded
from certification.stops.judging import Stop
from portal.enums import Task
from portal.models import AuditEvent
from portal.registry import duty
from portal.registry.duty import DutyQuestion
from tests.certification.conftest import NOON
from tests.factories.portal import EquipmentModelFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

TODAY = dt.date(2026, 3, 18)
DAY = dt.timedelta(days=1)


@pytest.fixture
def network(network):
    """Read everybody again: siblings are kept in the order of their names, so paths moved while the tree was made."""
    return {key: type(value).objects.get(pk=value.pk) for key, value in network.items()}


@pytest.fixture
def qualified(network):
    """Technician and stranger hold the qualification."""
    for who in ("technician", "stranger"):
        ledger.grant(network[who], network["scheme"], act_key=uuid.uuid4().hex)
    return network


def order(network, by="manager", **facts):
    facts = {"model": network["equipment"], "region": network["outlet"].get_parent(), "reason": "制冷剂泄漏"} | facts
    return stop_work(network[by], form_key=uuid.uuid4(), **facts)


def ask(network, who="technician", on=TODAY, known_at=None):
    moment = known_at or NOON + dt.timedelta(hours=1)
    question = DutyQuestion(network[who], on, moment, equipment=network["equipment"], task=Task.REPAIR)
    return duty.ask_many([question])[0]


def test_stop_refuses_with_reason_and_way_out_in_the_region_alone(qualified):
    assert ask(qualified).allowed
    order(qualified)

    answer = ask(qualified)
    assert not answer.allowed
    assert [reason.code for reason in answer.reasons] == [ReasonCode.WORK_STOPPED]
    assert "制冷剂泄漏" in answer.reasons[0].message
    assert [way["code"] for way in answer.way_out] == [ReasonCode.WORK_STOPPED]
    assert ask(qualified, "stranger").allowed


def test_stop_of_a_category_reaches_what_is_below_it_and_nothing_else(qualified):
    order(qualified, model=None, category=qualified["equipment"].category)
    assert not ask(qualified).allowed
    other = EquipmentModelFactory()
    question = DutyQuestion(qualified["technician"], TODAY, NOON + DAY, equipment=other, task=Task.REPAIR)
    assert ReasonCode.WORK_STOPPED not in [reason.code for reason in duty.ask_many([question])[0].reasons]


def test_stop_of_the_network_reaches_everybody(qualified):
    order(qualified, "administrator", region=None)
    assert not ask(qualified).allowed
    assert not ask(qualified, "stranger").allowed


def test_past_days_and_what_was_known_stay_answered(qualified):
    stop = order(qualified)
    assert ask(qualified, known_at=NOON - dt.timedelta(seconds=1)).reasons[0].code != ReasonCode.WORK_STOPPED
    with time_machine.travel(NOON + 3 * DAY):
        lift_stop(qualified["manager"], stop, reason="已更换密封件")
    later = NOON + 4 * DAY
    assert not ask(qualified, on=TODAY + 2 * DAY, known_at=later).allowed
    assert ask(qualified, on=TODAY + 3 * DAY, known_at=later).allowed
    assert not ask(qualified, on=TODAY + 3 * DAY, known_at=NOON + 2 * DAY).allowed


def test_decision_takes_no_query_more(qualified, django_assert_num_queries):
    order(qualified)
    ask(qualified)
    with django_assert_num_queries(4):
        assert not ask(qualified).allowed


@pytest.mark.parametrize("who", ["technician", "dispatcher", "trainer", "auditor", "far_manager", "customer"])
def test_others_neither_stop_nor_lift(network, who):
    with pytest.raises(MayNotStop):
        order(network, who)
    stop = order(network)
    with pytest.raises(MayNotStop):
        lift_stop(network[who], stop, reason="好了")
    assert WorkStop.objects.count() == 1


def test_manager_does_not_stop_the_network(network):
    with pytest.raises(MayNotStop):
        order(network, region=None)


def test_bad_orders_are_refused(network):
    with pytest.raises(OneEquipment):
        order(network, category=network["equipment"].category)
    with pytest.raises(StopReasonNeeded):
        order(network, reason="  ")
    stop = order(network)
    with pytest.raises(StopReasonNeeded):
        lift_stop(network["manager"], stop, reason=" ")
    with pytest.raises(ResumesTooEarly):
        lift_stop(network["manager"], stop, reason="好了", resumes_on=TODAY - DAY)
    lift_stop(network["manager"], stop, reason="好了")
    with pytest.raises(AlreadyLifted):
        lift_stop(network["manager"], stop, reason="好了")


def test_second_post_finds_the_first_and_acts_are_audited(network):
    key = uuid.uuid4()
    facts = {"model": network["equipment"], "region": network["outlet"], "reason": "召回", "form_key": key}
    assert stop_work(network["manager"], **facts) == stop_work(network["manager"], **facts)
    assert AuditEvent.objects.filter(action="certification.work_stopped").count() == 1


days = st.integers(-5, 5)


@given(start=days, seen=days, resumes=st.none() | days, lifted=days, on=days, known=days)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_a_stop_bears_exactly_between_its_days_as_known(start, seen, resumes, lifted, on, known):
    machine = EquipmentModelFactory.build(pk=1)
    resumes_on = None if resumes is None else TODAY + resumes * DAY
    stop = Stop(1, None, 1, "", TODAY + start * DAY, NOON + seen * DAY, "x", resumes_on, NOON + lifted * DAY)
    is_over = resumes is not None and lifted <= known and on >= resumes
    expected = seen <= known and on >= start and not is_over
    assert stop.bears_on(machine, TODAY + on * DAY, NOON + known * DAY) is expected
