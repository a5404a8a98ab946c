"""Who counts is who the gate allows, day by day, though less is read and days alike are judged once."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from certification import ledger
from certification.duty import counting
from certification.duty.counting import ask_to_count
from certification.guidance.domain import approve_guidance
from certification.models import Requirement
from certification.overview.expiring import ending_within
from certification.stops.domain import lift_stop, stop_work
from kb.enums import CitationChoice, VerdictKind
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import Verdict
from portal.enums import Task
from portal.models import Person
from portal.registry.duty import DutyQuestion, ask_many
from tests.certification.overrides.test_overrides import approve
from tests.factories.certification import (
    ConditionFactory,
    LedgerEntryFactory,
    StatutoryCertificateFactory,
    StatutoryRequirementFactory,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.kb import ManualEditionFactory, ManualFactory
from tests.factories.portal import AssignmentFactory, PositionFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def later(days):
    return timezone.localdate() + days * DAY


def entry(network, kind="granted", **fields):
    facts = {"person": network["technician"], "scheme": network["scheme"], "kind": kind} | fields
    if kind not in ("granted", "renewed"):
        facts |= {"scheme_version": None, "reason": "违章"}
    return LedgerEntryFactory(**facts)


def ends(network):
    entry(network, valid_from=later(-300), valid_to=later(50))


def is_in_grace(network):
    network["scheme"].grace_days = 20
    network["scheme"].save()
    ends(network)


def begins_and_is_suspended(network):
    entry(network, valid_from=later(5))
    entry(network, "suspended", valid_from=later(30), valid_to=later(41))


def is_revoked(network):
    entry(network, valid_from=later(-5))
    entry(network, "revoked", valid_from=later(33), valid_to=None)


def holds_a_card(network):
    asked = StatutoryRequirementFactory(scheme=network["scheme"])
    facts = {"person": network["technician"], "kind": asked.statutory_kind}
    StatutoryCertificateFactory(**facts, valid_from=later(3), valid_to=later(70), review_due=later(44))
    withdrawn = {"withdrawn_on": later(66), "withdrawn_recorded_at": timezone.now()}
    StatutoryCertificateFactory(**facts, valid_from=later(60), **withdrawn)
    entry(network)


def comes_to_a_post_with_a_condition(network):
    post = PositionFactory()
    ConditionFactory(positions=[post])
    AssignmentFactory(
        person=network["technician"], position=post, organisation=network["outlet"], start=later(20), end=later(30)
    )
    entry(network)


def works_where_work_is_stopped(network):
    entry(network)
    by = Person.objects.get(pk=network["administrator"].pk)
    facts = {"reason": "召回", "form_key": uuid.uuid4(), "model": network["equipment"], "starts_on": later(11)}
    lift_stop(by, stop_work(by, **facts), reason="已检查", resumes_on=later(22))


def owes_a_reading(network):
    entry(network)
    manual = ManualFactory(category=network["equipment"].category)
    ManualEditionFactory(manual=manual)
    verdict = Verdict(VerdictKind.MUST_READ, later(15))
    publish_edition(new_edition(manual, "B/1"), decisions=CitationChoice.STAY, verdict=verdict)


def did_hours_once(network):
    Requirement.objects.create(scheme=network["scheme"], kind="yearly_hours", parameters={"minutes": 60}, order=9)
    HourCreditFactory(person=network["technician"], minutes=60, earned_on=later(-340))
    entry(network, valid_from=later(-500))


def is_answered_for(network):
    approve({key: type(value).objects.get(pk=value.pk) for key, value in network.items()})


def is_guided(network):
    entry(network, person=network["colleague"])
    by, learner, guide = (Person.objects.get(pk=network[who].pk) for who in ("manager", "technician", "colleague"))
    days = {"starts_on": timezone.localdate(), "ends_on": later(9)}
    approve_guidance(by, learner, guide, network["scheme"], form_key=uuid.uuid4(), **days)


CASES = [
    ends,
    is_in_grace,
    begins_and_is_suspended,
    is_revoked,
    holds_a_card,
    comes_to_a_post_with_a_condition,
    works_where_work_is_stopped,
    owes_a_reading,
    did_hours_once,
    is_answered_for,
    is_guided,
]


def questions(network, days=range(-10, 91)):
    person, now = Person.objects.get(pk=network["technician"].pk), timezone.now()
    return [DutyQuestion(person, later(day), now, equipment=network["equipment"], task=Task.REPAIR) for day in days]


@pytest.mark.parametrize("case", CASES)
def test_every_day_is_answered_as_the_gate_answers_it(network, case):
    case(network)
    asked = questions(network)
    states = [answer.state for answer in ask_many(asked)]
    assert len(set(states)) > 1
    assert [answer.state for answer in ask_to_count(asked)] == states


def test_days_that_nothing_tells_apart_are_judged_once(network, monkeypatch):
    ends(network)
    judged = []
    strictly = counting.answer_strictly
    monkeypatch.setattr(counting, "answer_strictly", lambda *asked: judged.append(asked) or strictly(*asked))

    ask_to_count(questions(network, range(91)))

    assert [question.on for question, _facts in judged] == [later(0), later(51)]


def test_what_a_later_grant_outlasts_does_not_run_out_unless_that_is_corrected(network):
    ends(network)
    renewed = entry(network, "renewed", valid_from=later(-2), valid_to=later(500))
    people = Person.objects.filter(pk=network["technician"].pk)
    assert ending_within(people, 60) == []

    shorter = {"valid_from": later(-2), "valid_to": later(20), "reason": "日期错", "act_key": "shorter"}
    ledger.correct(renewed, by=Person.objects.get(pk=network["administrator"].pk), **shorter)

    assert [each.last_day for each in ending_within(people, 60)] == [later(50)]
