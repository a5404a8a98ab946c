"""Who has left the network by the day of a session: their seats are freed, and somebody else has to teach theirs."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Meeting, Session
from portal.models import Assignment, Person


def left_by_then(who: str) -> Q:
    """Return the filter of records with their day: ``who`` is not active any more, or every post ends before it."""
    posts = Assignment.objects.filter(person=OuterRef(who))
    later = posts.filter(Q(end__isnull=True) | Q(end__gte=OuterRef("session_day")))
    return Q(**{f"{who}__is_active": False}) | (Exists(posts) & ~Exists(later))


HAS_LEFT = left_by_then("person")


def with_day(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Annotate ``session_day``, the day of the next or running meeting, which :func:`left_by_then` asks.

    Days are those of the organisation's zone; of a session that is over it is the first one.
    """
    coming = Meeting.objects.filter(session=OuterRef("session"), ends_at__gt=timezone.now()).order_by("starts_at")
    return _with_day(enrolments, Coalesce(Subquery(coming.values("starts_at")[:1]), F("session__starts_at")))


def _with_day(records: QuerySet[Any], moment: Any) -> QuerySet[Any]:
    return records.annotate(session_day=TruncDate(moment, tzinfo=timezone.get_default_timezone()))


def has_left(person: Person, session: Session) -> bool:
    """Whether ``person`` has left the network by the day of ``session``, that of its next or running meeting.

    Who never held a post belongs to the organisation on the record as long as they are active.
    """
    if not person.is_active:
        return True
    ends = list(person.assignments.values_list("end", flat=True))
    moment = session.starts_at
    if session.has_several_meetings:
        now = timezone.now()
        moment = next((one.starts_at for one in session.meetings.all() if one.ends_at > now), moment)
    day = timezone.localdate(moment, timezone.get_default_timezone())
    return bool(ends) and all(end is not None and end < day for end in ends)


def coming_sessions() -> QuerySet[Session]:
    """Return the sessions with a meeting that has not begun, those that are not called off."""
    ahead = Meeting.objects.filter(session=OuterRef("pk"), starts_at__gt=timezone.now())
    return Session.objects.filter(Exists(ahead), state__in=(SessionState.SCHEDULED, SessionState.OPEN))


def sessions_of_leavers() -> QuerySet[Session]:
    """Return the coming sessions whose trainer has left by their last meeting, the next one first.

    Who leaves in the middle of a course leaves meetings that somebody else has to teach.
    """
    last = Meeting.objects.filter(session=OuterRef("pk")).order_by("-starts_at")
    found = _with_day(coming_sessions(), Subquery(last.values("starts_at")[:1]))
    return found.filter(left_by_then("trainer")).order_by("starts_at", "pk")


def seats_of_leavers() -> QuerySet[Enrolment]:
    """Return the places in coming sessions held by people who have left by the next or running meeting."""
    coming = coming_sessions()
    held = Enrolment.objects.filter(session__in=coming).exclude(state=EnrolmentState.CANCELLED)
    came = Attendance.objects.filter(enrolment=OuterRef("pk"))
    return with_day(held).filter(HAS_LEFT).exclude(Exists(came)).order_by("session", "pk")
