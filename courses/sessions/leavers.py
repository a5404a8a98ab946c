"""Who has left the network by the day of a session: their seats are freed, and somebody else has to teach theirs."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Session
from portal.models import Assignment, Person


def left_by_then(who: str) -> Q:
    """Return the filter of records with their day: ``who`` is not active any more, or every post ends before it."""
    posts = Assignment.objects.filter(person=OuterRef(who))
    later = posts.filter(Q(end__isnull=True) | Q(end__gte=OuterRef("session_day")))
    return Q(**{f"{who}__is_active": False}) | (Exists(posts) & ~Exists(later))


HAS_LEFT = left_by_then("person")


def with_day(records: QuerySet[Any], starts_at: str = "session__starts_at") -> QuerySet[Any]:
    """Annotate ``session_day``, the day of the session in the organisation's zone, which :func:`left_by_then` asks."""
    zone = timezone.get_default_timezone()
    return records.annotate(session_day=TruncDate(F(starts_at), tzinfo=zone))


def has_left(person: Person, session: Session) -> bool:
    """Whether ``person`` has left the network by the day of ``session``.

    Who never held a post belongs to the organisation on the record as long as they are active.
    """
    if not person.is_active:
        return True
    ends = list(person.assignments.values_list("end", flat=True))
    day = timezone.localdate(session.starts_at, timezone.get_default_timezone())
    return bool(ends) and all(end is not None and end < day for end in ends)


def coming_sessions() -> QuerySet[Session]:
    """Return the sessions that have not begun and are not called off."""
    coming = Session.objects.filter(starts_at__gt=timezone.now())
    return coming.filter(state__in=(SessionState.SCHEDULED, SessionState.OPEN))


def sessions_of_leavers() -> QuerySet[Session]:
    """Return the coming sessions whose trainer has left by then, the next one first."""
    return with_day(coming_sessions(), "starts_at").filter(left_by_then("trainer")).order_by("starts_at", "pk")


def seats_of_leavers() -> QuerySet[Enrolment]:
    """Return the places in coming sessions held by people who have left by then."""
    coming = coming_sessions()
    held = Enrolment.objects.filter(session__in=coming).exclude(state=EnrolmentState.CANCELLED)
    came = Attendance.objects.filter(enrolment=OuterRef("pk"))
    return with_day(held).filter(HAS_LEFT).exclude(Exists(came)).order_by("session", "pk")
