"""Hours under a certificate: what a correction may take back, and what follows from it in certification."""

import datetime as dt

import pytest

from certification import ledger
from certification.certificates.domain import issue
from certification.models import LedgerEntry
from certification.requirements.evidence import evidence_of
from certification.schemes.progress import progress
from courses.models import AttendanceCorrection, HourCredit
from courses.sessions.attendance.corrections import strike_attendance
from courses.sessions.attendance.domain import attendance_of
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.errors.attendance import HoursCertified
from portal.models import AuditEvent
from tests.factories.certification import HoursRequirementFactory, QuizRequirementFactory, SchemeFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def scheme(world):
    """A scheme that asks for two of the hours and a quiz nobody has sat: nothing is granted by itself."""
    made = SchemeFactory(name="冷库作业")
    HoursRequirementFactory(scheme=made, module=world.module, minutes=120)
    QuizRequirementFactory(scheme=made)
    return made


def hours_of(person, scheme):
    (reason,) = [reason for reason in progress(person, scheme) if reason.params["kind"] == "hours"]
    return reason.met, reason.params["done"]


@pytest.fixture
def grant(world, left, scheme, time_machine):
    """Return a function certifying the technician by these hours."""

    def make():
        time_machine.shift(HOUR)
        shown = {"shown": [{"code": "hours_met", "module": world.module.code, "done": 426}]}
        entry = ledger.grant(world.technician, scheme, act_key="by-hours", evidence=shown)
        return issue(entry, score=None, minutes=426)

    return make


def test_hours_under_a_certificate_are_not_taken_back(world, left, correct, grant):
    certificate = grant()
    with pytest.raises(HoursCertified, match=certificate.number):
        strike_attendance(left, by=world.trainer, reason="签错了人")
    with pytest.raises(HoursCertified, match="冷库作业"):
        correct(went=left.session.starts_at + HOUR)
    assert not AttendanceCorrection.objects.exists()
    assert minutes_credited(world.technician, world.module) == 426


def test_certificate_does_not_stop_what_adds_hours_or_changes_none(left, correct, grant):
    grant()
    assert correct().went == left.session.ends_at
    later = correct(came=left.session.starts_at + dt.timedelta(minutes=10))
    assert later.minutes_late == 10


def test_once_the_qualification_is_voided_the_hours_can_fall(world, left, grant):
    entry = grant().entry
    ledger.correct(entry, reason="学时有误", act_key="void", by=world.administrator, void=True)
    strike_attendance(left, by=world.trainer, reason="签错了人")
    assert minutes_credited(world.technician, world.module) == 0


def test_revoked_and_ended_certificates_do_not_stop_a_correction(world, left, scheme, grant, time_machine):
    grant()
    ledger.revoke(world.technician, scheme, reason="学时有误", act_key="revoke", by=world.administrator)
    strike_attendance(left, by=world.trainer, reason="签错了人")
    assert attendance_of(left).is_void


def test_suspended_certificate_stops_it_as_it_may_come_back(world, left, scheme, grant):
    grant()
    ledger.suspend(world.technician, scheme, reason="待查", act_key="suspend", by=world.administrator)
    with pytest.raises(HoursCertified):
        strike_attendance(left, by=world.trainer, reason="签错了人")


def test_hours_recorded_after_the_grant_carry_no_certificate(world, left, scheme, time_machine):
    shown = {"shown": [{"code": "hours_met", "module": world.module.code, "done": 480}]}
    early = HourCredit.objects.get().recorded_at - HOUR
    ledger.grant(world.technician, scheme, act_key="before", evidence=shown, at=early)
    strike_attendance(left, by=world.trainer, reason="签错了人")
    assert minutes_credited(world.technician, world.module) == 0


def test_certificate_for_other_modules_is_no_obstacle(world, left, scheme, time_machine):
    shown = {"shown": [{"code": "hours_met", "module": "tm-other", "done": 480}]}
    time_machine.shift(HOUR)
    ledger.grant(world.technician, scheme, act_key="other", evidence=shown)
    assert strike_attendance(left, by=world.trainer, reason="签错了人").is_void


def test_requirement_follows_the_correction(world, left, scheme):
    assert hours_of(world.technician, scheme) == (True, 426)
    strike_attendance(left, by=world.trainer, reason="签错了人")
    assert hours_of(world.technician, scheme) == (False, 0)


def test_difference_counts_in_the_round_of_what_it_corrects(world, left, scheme, correct, time_machine):
    """Hours of before a revocation stay before it, also when they are taken back after it."""
    time_machine.shift(HOUR)
    ledger.grant(world.technician, scheme, act_key="first")
    time_machine.shift(HOUR)
    ledger.revoke(world.technician, scheme, reason="事故", act_key="revoke", by=world.administrator)
    time_machine.shift(HOUR)
    strike_attendance(left, by=world.trainer, reason="签错了人")
    assert hours_of(world.technician, scheme) == (False, 0)
    correct(went=left.session.ends_at, reason="确实到场")
    assert hours_of(world.technician, scheme) == (False, 0)


def test_evidence_of_many_is_loaded_with_differences_in_the_same_queries(
    world, left, scheme, correct, django_assert_num_queries
):
    people = [world.technician.pk, PersonFactory().pk]
    evidence_of(people)
    with django_assert_num_queries(1):
        before = evidence_of(people)[world.technician.pk].shown["hours"]
    correct()
    with django_assert_num_queries(1):
        after = evidence_of(people)[world.technician.pk].shown["hours"]
    assert len(before[world.module.pk]) == 1
    assert [credit.minutes for credit in after[world.module.pk]] == [426, 54]


def test_hours_that_were_missing_lead_to_the_grant_when_a_correction_adds_them(world, left, correct):
    scheme = SchemeFactory(name="只看学时")
    HoursRequirementFactory(scheme=scheme, module=world.module, minutes=480)
    assert not LedgerEntry.objects.exists()
    correct()
    assert LedgerEntry.objects.get().scheme == scheme


def test_refusal_leaves_no_trace_in_the_audit_log(world, left, grant):
    grant()
    before = AuditEvent.objects.count()
    with pytest.raises(HoursCertified):
        strike_attendance(left, by=world.trainer, reason="签错了人")
    assert AuditEvent.objects.count() == before
