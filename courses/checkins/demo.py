"""Load demo scans of the check-in code through the verbs (idempotent)."""

from django.db import transaction
from django.utils import timezone

from courses.checkins.domain import arrive
from courses.enums import EnrolmentState, SessionState
from courses.models import Arrival, Attendance, Enrolment


@transaction.atomic
def load_arrivals() -> dict[str, int]:
    """One scan that waits for the trainer, in the session whose check-in is open."""
    now = timezone.now()
    seats = Enrolment.objects.filter(
        session__state=SessionState.OPEN, session__meetings__starts_at__lte=now, session__meetings__ends_at__gt=now
    )
    if Arrival.objects.exists():
        return {"arrivals": 0}
    there = Attendance.objects.filter(meeting__starts_at__lte=now, meeting__ends_at__gt=now)
    expected = seats.filter(state=EnrolmentState.SEATED).exclude(pk__in=there.values("enrolment"))
    seat = expected.select_related("session", "person").order_by("pk").last()
    if seat is None:
        return {"arrivals": 0}
    arrive(seat.session, at=now, person=seat.person)
    return {"arrivals": 1}
