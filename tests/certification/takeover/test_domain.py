"""What was shown before the portal counts from its day and is known from the day it was recorded."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from certification import ledger
from certification.certificates.verification import verify
from certification.enums import EntryKind, TakenOverKind
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.models import Certificate, LedgerEntry
from certification.schemes.progress import progress
from certification.takeover.contradictions import Facts
from certification.takeover.domain import may_record, take_over, withdraw
from certification.takeover.errors import Contradicts, NotTheirsToTakeOver, RestsOnTakenOver
from portal.enums import Task
from portal.registry import duty
from tests.factories.certification import AssessorAppointmentFactory, certificate_for
from tests.factories.portal import EquipmentCategoryFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 18)


def facts(network, kind=TakenOverKind.CERTIFICATE, **given):
    subjects = {"certificate": "scheme", "quiz": "quiz", "practical": "checklist", "hours": "module"}
    usual = {
        "person": network["technician"],
        "subject": network[subjects[kind.value]],
        "on": TODAY - dt.timedelta(days=100),
        "vouched_by": network["trainer"],
    }
    if kind == TakenOverKind.CERTIFICATE:
        usual |= {"until": TODAY + dt.timedelta(days=200), "number": "内证 7"}
    if kind == TakenOverKind.QUIZ:
        usual |= {"score": 90}
    if kind == TakenOverKind.HOURS:
        usual |= {"minutes": 480}
    return Facts(kind, **(usual | given))


def taken(network, kind=TakenOverKind.CERTIFICATE, by="administrator", **given):
    return take_over(network[by], facts(network, kind, **given), form_key=uuid.uuid4())


def answer(network, on=TODAY, known_at=None):
    return duty.ask(network["technician"], network["equipment"], Task.REPAIR, on, known_at or timezone.now())


def test_certificate_holds_from_its_day_and_is_known_from_today(network):
    before = timezone.now() - dt.timedelta(seconds=1)
    record = taken(network)
    allowed = answer(network)
    assert allowed.allowed
    assert "内证 7" in allowed.reasons[0].message
    assert allowed.reasons[0].params["taken_over"] == "内证 7"
    assert allowed.certificates[0]["taken_over"] == "内证 7"
    assert answer(network, TODAY - dt.timedelta(days=100)).allowed
    assert not answer(network, TODAY - dt.timedelta(days=101)).allowed
    assert not answer(network, TODAY - dt.timedelta(days=50), before).allowed
    assert verify(record.entry.certificate).taken_over == "内证 7"


def test_what_is_granted_here_is_not_marked(network):
    certificate = certificate_for(network["technician"], network["scheme"])
    assert verify(certificate).taken_over == ""
    assert "taken_over" not in answer(network).reasons[0].params


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": TODAY - dt.timedelta(days=101)}, "until"),
        ({"until": None}, "until"),
        ({"on": TODAY + dt.timedelta(days=1)}, "on"),
        ({"number": ""}, "number"),
    ],
)
def test_a_certificate_that_contradicts_is_refused(network, given, field):
    with pytest.raises(Contradicts) as refused:
        taken(network, **given)
    assert refused.value.field == field
    assert not LedgerEntry.objects.exists()


def test_the_same_number_twice_and_what_is_granted_are_refused(network):
    taken(network)
    with pytest.raises(Contradicts) as refused:
        taken(network, person=network["colleague"])
    assert refused.value.field == "number"
    with pytest.raises(Contradicts) as refused:
        taken(network, number="内证 8")
    assert refused.value.field == "subject"


def test_a_second_post_of_the_form_records_nothing_new(network):
    key = uuid.uuid4()
    first = take_over(network["administrator"], facts(network), form_key=key)
    assert take_over(network["administrator"], facts(network), form_key=key) == first
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("by", ["manager", "trainer", "assessor", "technician", "dispatcher"])
def test_only_administrators_take_over_certificates(network, by):
    with pytest.raises(NotTheirsToTakeOver):
        taken(network, by=by)


def test_nobody_takes_over_or_vouches_for_oneself(network):
    with pytest.raises(NotTheirsToTakeOver):
        taken(network, person=network["administrator"])
    with pytest.raises(Contradicts) as refused:
        taken(network, vouched_by=network["technician"])
    assert refused.value.field == "vouched_by"


def test_assessors_enter_practicals_of_their_equipment_only(network):
    assert may_record(network["assessor"], facts(network, TakenOverKind.PRACTICAL))
    network["assessor"].appointments.update(end=TODAY - dt.timedelta(days=1))
    assert not may_record(network["assessor"], facts(network, TakenOverKind.PRACTICAL))
    assert not may_record(network["assessor"], facts(network, TakenOverKind.HOURS))


def test_papers_practicals_and_hours_of_before_lead_to_the_grant(network):
    for kind in (TakenOverKind.HOURS, TakenOverKind.QUIZ, TakenOverKind.PRACTICAL):
        assert not LedgerEntry.objects.exists()
        last = taken(network, kind)
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.valid_from) == (EntryKind.GRANTED, TODAY)
    assert all(row["taken_over"] for row in entry.evidence["shown"])
    assert Certificate.objects.get().score == 90
    with pytest.raises(RestsOnTakenOver):
        withdraw(network["administrator"], last, reason="有误")


def test_a_failed_paper_is_no_evidence(network):
    with pytest.raises(Contradicts) as refused:
        taken(network, TakenOverKind.QUIZ, score=79)
    assert refused.value.field == "score"


def test_evidence_older_than_the_grant_does_not_renew_it(network):
    taken(network, on=TODAY - dt.timedelta(days=30))
    taken(network, TakenOverKind.HOURS)
    assert not any(reason.met for reason in progress(network["technician"], network["scheme"]))
    taken(network, TakenOverKind.HOURS, on=TODAY - dt.timedelta(days=10))
    assert progress(network["technician"], network["scheme"])[0].met


def test_a_withdrawn_record_never_held_and_is_still_answered_for_before(network):
    record = taken(network)
    moment = timezone.now()
    with pytest.raises(ReasonNeeded):
        withdraw(network["administrator"], record, reason=" ")
    withdraw(network["administrator"], record, reason="证书是复印件", at=moment + dt.timedelta(minutes=1))
    assert LedgerEntry.objects.filter(is_void=True, corrects=record.entry).exists()
    assert not answer(network, known_at=moment + dt.timedelta(minutes=2)).allowed
    assert answer(network, known_at=moment).allowed
    again = take_over(
        network["administrator"], facts(network), form_key=uuid.uuid4(), at=moment + dt.timedelta(minutes=3)
    )
    assert again.entry != record.entry


def test_withdrawn_evidence_does_not_count(network):
    record = taken(network, TakenOverKind.QUIZ)
    assert progress(network["technician"], network["scheme"])[1].met
    withdraw(network["administrator"], record, reason="找不到原卷")
    assert not progress(network["technician"], network["scheme"])[1].met


def test_strangers_do_not_withdraw(network):
    record = taken(network, TakenOverKind.QUIZ)
    for name in ("manager", "technician", "assessor"):
        with pytest.raises(NotTheirsToTakeOver):
            withdraw(network[name], record, reason="有误")


def test_what_is_taken_over_can_be_suspended(network):
    taken(network)
    ledger.suspend(network["technician"], network["scheme"], reason="抽查", act_key="x", by=network["manager"])
    assert not answer(network).allowed


def test_assessors_enter_papers_of_their_equipment_only_and_vouch_for_none(network):
    paper = facts(network, TakenOverKind.QUIZ)
    network["assessor"].appointments.update(category=EquipmentCategoryFactory())
    assert not may_record(network["assessor"], paper)
    AssessorAppointmentFactory(person=network["assessor"], category=network["quiz"].bank.category)
    assert may_record(network["assessor"], paper)
    with pytest.raises(Contradicts) as refused:
        taken(network, TakenOverKind.QUIZ, by="assessor", vouched_by=network["assessor"])
    assert refused.value.field == "vouched_by"
    assert taken(network, TakenOverKind.QUIZ, by="assessor")
    assert taken(network, TakenOverKind.HOURS, vouched_by=network["administrator"])


def test_a_key_used_before_gives_nobody_anothers_record(network):
    key = uuid.uuid4()
    take_over(network["administrator"], facts(network), form_key=key)
    with pytest.raises(NotTheirsToTakeOver):
        take_over(network["manager"], facts(network), form_key=key)
    with pytest.raises(ActKeyTaken):
        take_over(network["administrator"], facts(network, person=network["colleague"], number="内证 9"), form_key=key)
