"""Meetings dropped once check-in was open: attendance and hours of the others stay, everybody is told."""

import pytest
from django.core import mail

from courses.enums import SessionState
from courses.models import Attendance, HourCredit
from courses.sessions.attendance.domain import record_from_paper
from courses.sessions.errors.meetings import DropNeedsReason, MeetingHeld
from courses.sessions.scheduling.domain import close_session, reschedule_session
from portal.models import AuditEvent, Person
from tests.courses.sessions.courses import HOUR, plans_of
from tests.factories.courses import EnrolmentFactory, TrainingRequestFactory

pytestmark = pytest.mark.engines


def came_to_the_first(world, running, start):
    """Somebody who was in the first of three meetings, from start to end, and is credited a third of the hours."""
    enrolment = EnrolmentFactory(session=running, person=world.technician)
    facts = {"came": start, "went": start + 3 * HOUR, "meeting": running.meetings.get(number=1)}
    record_from_paper(enrolment, by=world.trainer, **facts)
    return enrolment


def hours_of(person):
    return sum(HourCredit.objects.filter(person=person).values_list("minutes", flat=True))


def test_coming_meetings_are_dropped_with_a_reason_and_attendance_stays(world, running, start):
    came_to_the_first(world, running, start)
    credited, (first, _second, _third) = hours_of(world.technician), plans_of(running)
    course = reschedule_session(running, by=world.trainer, meetings=[first], why_dropped="讲师生病")
    assert (course.meeting_count, Attendance.objects.count(), hours_of(world.technician)) == (1, 1, credited)
    assert [(one.reason, one.share_minutes) for one in course.dropped_meetings.all()] == [("讲师生病", 180)] * 2
    assert AuditEvent.objects.get(action="courses.session_rescheduled").detail["reason"] == "讲师生病"
    # What is entered later for the meeting that was held is worth the same third.
    late = EnrolmentFactory(session=course)
    record_from_paper(late, by=world.trainer, came=start, went=start + 3 * HOUR)
    assert hours_of(late.person) == credited
    assert close_session(course, by=world.trainer).state == SessionState.CLOSED


def test_a_meeting_is_dropped_between_others_and_the_last_is_worth_its_share(world, running, start, time_machine):
    first, _second, third = plans_of(running)
    course = reschedule_session(running, by=world.trainer, meetings=[first, third], why_dropped="停电")
    time_machine.move_to(third.ends_at, tick=False)
    enrolment = EnrolmentFactory(session=course, person=world.technician)
    record_from_paper(enrolment, by=world.trainer, came=third.starts_at, went=third.ends_at)
    whole = course.parts.get().minutes
    assert hours_of(world.technician) == whole - whole * 2 // 3


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_meeting_is_not_dropped_without_a_reason_once_check_in_was_open(world, running, reason):
    with pytest.raises(DropNeedsReason, match="2"):
        reschedule_session(running, by=world.trainer, meetings=plans_of(running)[:1], why_dropped=reason)
    assert running.meetings.count() == 3


def test_what_somebody_came_to_is_not_dropped_whatever_the_reason(world, running, start):
    came_to_the_first(world, running, start)
    with pytest.raises(MeetingHeld):
        reschedule_session(running, by=world.trainer, meetings=plans_of(running)[1:], why_dropped="停电")


def test_a_begun_meeting_to_which_nobody_came_is_dropped(world, running):
    course = reschedule_session(running, by=world.trainer, meetings=plans_of(running)[1:], why_dropped="无人到场")
    assert course.meeting_count == 2


def test_dropping_all_that_is_to_come_is_told_and_taken_out_of_calendars(
    world, running, start, django_capture_on_commit_callbacks
):
    came_to_the_first(world, running, start)
    Person.objects.filter(pk=world.trainer.pk).update(email="trainer@example.com")
    TrainingRequestFactory(session=running, organisation=running.organisation, contact_email="contact@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        reschedule_session(running, by=world.manager, meetings=plans_of(running)[:1], why_dropped="讲师生病")
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert {"trainer@example.com", "contact@example.com"} < {
        address.rpartition("<")[2].strip(">") for address in letters
    }
    learner = next(letter for address, letter in letters.items() if world.technician.email in address)
    assert "讲师生病" in learner.body
    calendars = [part.get_payload(decode=True).decode() for part in learner.attachments]
    methods = [next(line for line in text.splitlines() if line.startswith("METHOD")) for text in calendars]
    assert methods == ["METHOD:REQUEST", "METHOD:CANCEL", "METHOD:CANCEL"]
