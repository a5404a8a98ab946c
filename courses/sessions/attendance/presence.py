"""Where somebody is or was during a span: nobody is in two places at once, as a trainee or as a trainer."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from courses.enums import SessionState
from courses.models import Attendance, Meeting, Session
from courses.sessions.errors.attendance import PresentElsewhere
from courses.sessions.wording import written_span
from portal.models import Person

# Attendance is looked for in sessions this near: who came early or stayed on did so by hours, not by days.
NEAR = dt.timedelta(days=1)


def check_present_nowhere_else(person: Person, session: Session, came: dt.datetime, went: dt.datetime) -> None:
    """See that ``person`` was in no other session between two moments; touching ends do not count.

    The person's row is held until the transaction ends, so that two check-ins at one moment cannot both pass.

    Args:
        came, went: aware moments; the same moment asks about that moment.

    Raises:
        PresentElsewhere: they were, or taught one.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    for other, start, end in _elsewhere(person, session, came, went):
        if (start < went and came < end) or start <= came == went < end:
            raise PresentElsewhere(person=person.name, session=other.session.title, when=written_span(other))


def check_in_no_other_meeting(attendance: Attendance) -> None:
    """See that who comes to a meeting is not inside another one of the session that is not over by then.

    Args:
        attendance: not saved yet.

    Raises:
        PresentElsewhere: they are.
    """
    session, came = attendance.enrolment.session, attendance.checked_in_at
    inside = Attendance.objects.inside(session).filter(enrolment=attendance.enrolment, checked_in_at__lte=came)
    inside = inside.filter(meeting__ends_at__gt=came).exclude(meeting=attendance.meeting)
    for other in inside.select_related("meeting"):
        person = attendance.enrolment.person.name
        raise PresentElsewhere(person=person, session=session.title, when=written_span(other.meeting))


def check_trainer_is_free(session: Session) -> None:
    """See that the trainer sits in no other session while a meeting of this one is held.

    Raises:
        PresentElsewhere: they do.
    """
    for meeting in session.meetings.all():
        check_present_nowhere_else(session.trainer, session, meeting.starts_at, meeting.ends_at)


def _elsewhere(
    person: Person, session: Session, came: dt.datetime, went: dt.datetime
) -> Iterator[tuple[Meeting, dt.datetime, dt.datetime]]:
    near = Q(starts_at__lt=went + NEAR, ends_at__gt=came - NEAR)
    meetings = Meeting.objects.filter(near).exclude(session=session.pk)
    attended = Attendance.objects.filter(enrolment__person=person, meeting__in=meetings.order_by())
    attended = attended.select_related("meeting__session").prefetch_related("corrections")
    for attendance in attended.order_by("checked_in_at"):
        if not attendance.is_void:
            other = attendance.meeting
            # Who has not checked out counts as there until the planned end.
            yield other, attendance.came, attendance.went or max(other.ends_at, attendance.came)
    taught = meetings.filter(session__trainer=person, session__state__in=(SessionState.OPEN, SessionState.CLOSED))
    for other in taught.select_related("session"):
        yield other, other.starts_at, min(other.ends_at, other.session.closed_at or other.ends_at)


def is_same_minute(one: dt.datetime, other: dt.datetime) -> bool:
    """Whether two moments are the same on paper, where seconds are not written."""
    return timezone.localtime(one).replace(second=0, microsecond=0) == timezone.localtime(other).replace(
        second=0, microsecond=0
    )
