"""Verbs of field cases: reported once, worked on in turn, answered before closed, nothing lost."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from kb.cases import domain
from kb.cases.errors import (
    CaseMoved,
    ComplainsAboutOthers,
    NoPlace,
    NothingAbove,
    NotMergeable,
    NotYourCase,
    WordsMissing,
)
from kb.enums import CaseAct, CaseKind, CaseState, Severity
from kb.models import CaseTerm, FieldCase
from portal.enums import Tier
from portal.models import AuditEvent
from tests.factories.kb import FieldCaseFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


def acts(case):
    return list(case.entries.values_list("act", flat=True))


def test_report_goes_to_the_outlet_with_a_term(network):
    with time_machine.travel(NOW, tick=False):
        case = FieldCaseFactory(reporter=network.reporter, severity=Severity.DANGER)
    assert (case.state, case.organisation, case.held_by) == (CaseState.OPEN, network.outlet, network.outlet)
    assert case.due_at == NOW + dt.timedelta(hours=4)
    assert acts(case) == ["reported"]
    assert AuditEvent.objects.get(action="kb.case_reported").detail["held_by"] == network.outlet.name


def test_term_is_what_the_organisation_set(network):
    CaseTerm.objects.create(severity=Severity.STOP, tier=Tier.OUTLET, hours=2)
    with time_machine.travel(NOW, tick=False):
        assert FieldCaseFactory(reporter=network.reporter).due_at == NOW + dt.timedelta(hours=2)


def test_report_sent_twice_is_one_case(network):
    token = uuid.uuid4()
    first = FieldCaseFactory(reporter=network.reporter, token=token)
    assert FieldCaseFactory(reporter=network.reporter, token=token) == first
    assert acts(first) == ["reported"]
    with pytest.raises(NotYourCase):
        FieldCaseFactory(reporter=network.colleague, token=token)


def test_report_of_a_customer_goes_to_the_organisation_above(network):
    case = FieldCaseFactory(reporter=network.contact)
    assert case.held_by == network.hq


def test_report_without_a_place_is_refused():
    with pytest.raises(NoPlace):
        FieldCaseFactory(reporter=PersonFactory(organisation=None))
    assert not FieldCase.objects.exists()


def test_the_whole_way_from_report_to_close(case, network):
    domain.take_over(case, network.lead)
    domain.ask_back(case, network.lead, "高压多少？")
    domain.reply(case, network.reporter, "1.9 MPa")
    domain.answer(case, network.lead, "冷凝器脏堵，清洗", cause="冷凝器脏堵")
    closed = domain.close(case, network.reporter)
    assert (closed.state, closed.assignee, closed.answer) == (CaseState.CLOSED, network.lead, "冷凝器脏堵，清洗")
    assert acts(case) == ["reported", "taken", "asked", "replied", "answered", "closed"]


def test_audit_log_keeps_who_held_the_case_and_not_the_words(case, network):
    domain.take_over(case, network.lead)
    domain.answer(case, network.lead, "冷凝器脏堵，清洗", cause="冷凝器脏堵")
    taken, answered = (
        AuditEvent.objects.get(action=f"kb.case_{act}").detail["changes"] for act in ("taken", "answered")
    )
    assert {change["field"] for change in taken} == {"state", "assignee"}
    assert [(change["old"], change["new"]) for change in answered] == [("taken", "answered")]


def test_nothing_is_closed_without_an_answer(case, network):
    domain.take_over(case, network.lead)
    with pytest.raises(CaseMoved):
        domain.close(case, network.lead)


def test_answer_that_did_not_help_opens_the_case_again(case, network):
    domain.take_over(case, network.lead)
    domain.answer(case, network.lead, "重启")
    again = domain.reopen(case, network.reporter, "重启没用")
    assert (again.state, again.assignee, again.answer) == (CaseState.OPEN, None, "")
    assert acts(case)[-1] == CaseAct.REOPENED


def test_passing_up_gives_the_tier_above_a_term_of_its_own(case, network):
    domain.take_over(case, network.lead)
    with time_machine.travel(NOW, tick=False):
        passed = domain.pass_up(case, network.lead, "需要厂家资料")
        assert (passed.held_by, passed.assignee, passed.state) == (network.region, None, CaseState.OPEN)
        assert passed.due_at == NOW + dt.timedelta(hours=24)
        top = domain.pass_up(passed, network.regional, "转总部")
        assert top.held_by == network.hq
        with pytest.raises(NothingAbove):
            domain.pass_up(top, network.expert, "再上交")


def test_who_is_not_of_the_place_or_above_does_not_act(case, network):
    for person in (network.stranger, network.neighbour, network.contact):
        with pytest.raises(NotYourCase):
            domain.take_over(case, person)
    assert domain.take_over(case, network.regional).assignee == network.regional


def test_reporter_does_not_answer_what_has_left_the_outlet(case, network):
    domain.pass_up(case, network.lead, "转大区")
    domain.take_over(case, network.regional)
    with pytest.raises(NotYourCase):
        domain.answer(case, network.reporter, "自己答")


def test_whom_it_complains_about_does_nothing_with_it(network):
    case = FieldCaseFactory(reporter=network.reporter, complains_about=[network.lead])
    for verb in (domain.take_over, domain.close):
        with pytest.raises(NotYourCase):
            verb(case, network.lead)
    with pytest.raises(NotYourCase):
        domain.reply(case, network.lead, "我没有")
    assert acts(case) == ["reported"]


@pytest.mark.parametrize("verb", [domain.ask_back, domain.answer, domain.pass_up, domain.reply])
def test_words_are_demanded(case, network, verb):
    domain.take_over(case, network.lead)
    with pytest.raises(WordsMissing):
        verb(case, network.lead, "  ")


@pytest.mark.parametrize(("act", "allowed"), [(act, states) for act, (states, _to) in domain.TRANSITIONS.items()])
def test_acts_are_refused_in_every_other_state(network, act, allowed):
    """The table of transitions, tried from every state."""
    verbs = {
        CaseAct.TAKEN: lambda case: domain.take_over(case, network.lead),
        CaseAct.ASKED: lambda case: domain.ask_back(case, network.lead, "?"),
        CaseAct.REPLIED: lambda case: domain.reply(case, network.reporter, "!"),
        CaseAct.NOTED: lambda case: domain.reply(case, network.lead, "!"),
        CaseAct.PASSED_UP: lambda case: domain.pass_up(case, network.lead, "!"),
        CaseAct.ANSWERED: lambda case: domain.answer(case, network.lead, "!"),
        CaseAct.REOPENED: lambda case: domain.reopen(case, network.lead, "!"),
        CaseAct.CLOSED: lambda case: domain.close(case, network.lead),
        CaseAct.MERGED: lambda case: domain.merge(case, FieldCaseFactory(reporter=network.reporter), network.lead),
    }
    for state in set(CaseState) - allowed:
        case = FieldCaseFactory(reporter=network.reporter)
        other = FieldCaseFactory(reporter=network.reporter) if state == CaseState.MERGED else None
        FieldCase.objects.filter(pk=case.pk).update(state=state, answer="答", merged_into=other)
        case.refresh_from_db()
        if act == CaseAct.REPLIED and state not in (CaseState.CLOSED, CaseState.MERGED):
            assert verbs[act](case).entries.last().act == CaseAct.NOTED
            continue
        with pytest.raises(CaseMoved):
            verbs[act](case)


def test_merged_case_points_to_the_other_and_takes_its_own_along(network):
    first, second, third = (FieldCaseFactory(reporter=network.reporter) for _n in range(3))
    domain.merge(third, second, network.lead)
    merged = domain.merge(second, first, network.lead)
    third.refresh_from_db()
    assert (merged.state, merged.merged_into, third.merged_into) == (CaseState.MERGED, first, first)


def test_case_is_not_merged_into_itself_a_merged_one_or_an_unseen_one(case, network):
    other = FieldCaseFactory(reporter=network.reporter)
    domain.merge(other, case, network.lead)
    unseen = FieldCaseFactory(reporter=network.stranger)
    accident = FieldCaseFactory(reporter=network.reporter, kind=CaseKind.ACCIDENT)
    for target in (case, other, unseen, accident, FieldCase(pk=987654)):
        with pytest.raises(NotMergeable):
            domain.merge(case, target, network.lead)


def test_overdue_cases_are_passed_up_by_the_job_once(case, network):
    FieldCaseFactory(reporter=network.reporter, severity=Severity.MINOR)
    answered = FieldCaseFactory(reporter=network.reporter)
    domain.take_over(answered, network.lead)
    domain.answer(answered, network.lead, "好了")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25), tick=False):
        assert domain.pass_up_overdue() == 1
        assert domain.pass_up_overdue() == 0
    case.refresh_from_db()
    assert (case.held_by, acts(case)) == (network.region, ["reported", "passed_up"])
    assert case.entries.last().author is None


def test_headquarters_keeps_what_is_overdue(network):
    case = FieldCaseFactory(reporter=network.expert)
    with time_machine.travel(timezone.now() + dt.timedelta(days=30), tick=False):
        assert domain.pass_up_overdue() == 0
        assert case.is_overdue


def test_complaint_is_merged_only_into_one_about_the_same_people(network):
    complaint = FieldCaseFactory(reporter=network.reporter, complains_about=[network.regional])
    plain = FieldCaseFactory(reporter=network.colleague)
    same = FieldCaseFactory(reporter=network.colleague, complains_about=[network.regional])
    for case, into in ((complaint, plain), (plain, complaint)):
        with pytest.raises(ComplainsAboutOthers):
            domain.merge(case, into, network.lead)
    assert domain.merge(complaint, same, network.lead).merged_into == same
