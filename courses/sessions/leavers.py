"""Who has left the network by the day of a session: their seats are freed and they do not move up."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Session
from portal.models import Assignment, Person

_POSTS = Assignment.objects.filter(person=OuterRef("person"))
_LATER = _POSTS.filter(Q(end__isnull=True) | Q(end__gte=OuterRef("session_day")))

# Of enrolments with their day: the person is not active any more, or every post ends before the session.
HAS_LEFT = Q(person__is_active=False) | (Exists(_POSTS) & ~Exists(_LATER))


def with_day(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Annotate ``session_day``, the day of the session in the organisation's zone, which ``HAS_LEFT`` asks for."""
    zone = timezone.get_default_timezone()
    return enrolments.annotate(session_day=TruncDate(F("session__starts_at"), tzinfo=zone))


def has_left(person: Person, session: Session) -> bool:
    """Whether ``person`` has left the network by the day of ``session``.

    Who never held a post belongs to the organisation on the record as long as they are active.
    """
    if not person.is_active:
        return True
    ends = list(person.assignments.values_list("end", flat=True))
    day = timezone.localdate(session.starts_at, timezone.get_default_timezone())
    return bool(ends) and all(end is not None and end < day for end in ends)


def seats_of_leavers() -> QuerySet[Enrolment]:
    """Return the places in coming sessions held by people who have left by then."""
    coming = Session.objects.filter(starts_at__gt=timezone.now())
    coming = coming.filter(state__in=(SessionState.SCHEDULED, SessionState.OPEN))
    held = Enrolment.objects.filter(session__in=coming).exclude(state=EnrolmentState.CANCELLED)
    came = Attendance.objects.filter(enrolment=OuterRef("pk"))
    return with_day(held).filter(HAS_LEFT).exclude(Exists(came)).order_by("session", "pk")
