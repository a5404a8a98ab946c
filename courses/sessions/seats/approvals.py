"""Seats that await approval: by whom, and what they decide."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.enums import EnrolmentState, Notice, SeatApproval, SessionState
from courses.models import Enrolment
from courses.sessions.errors.seats import NotYoursToApprove
from courses.sessions.errors.states import SessionStarted
from courses.sessions.letters.notices import tell
from courses.sessions.permissions import managed_organisations
from courses.sessions.seats.domain import TOLD, change_state, seat_or_line
from courses.sessions.states import locked
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.models import Assignment, Person
from portal.models.people import posts_on


def seats_to_approve(reader: Any) -> QuerySet[Enrolment]:
    """Return the seats that await the approval of ``reader``, of coming sessions, the next one first.

    A superior is who holds the post above, or manages where the person works; nobody approves their own seat.
    """
    if not getattr(reader, "is_authenticated", False) or not reader.is_active:
        return Enrolment.objects.none()
    day, managed = timezone.localdate(), managed_organisations(reader).order_by()
    held = Assignment.objects.valid_on(day).filter(person=reader)
    below = Assignment.objects.valid_on(day).filter(position__reports_to__in=held.values("position"))
    people = Person.objects.belonging_to(managed, day).order_by().values("pk")
    superior = Q(person__in=below.values("person")) | Q(person__in=people)
    runs = Q(session__trainer=reader) | Q(session__organisation__in=managed.values("pk"))
    asked = Q(session__approval=SeatApproval.SUPERIOR) & superior | Q(session__approval=SeatApproval.ORGANISER) & runs
    pending = Enrolment.objects.filter(
        asked,
        state=EnrolmentState.PENDING,
        session__state=SessionState.SCHEDULED,
        session__starts_at__gt=timezone.now(),
    ).exclude(person=reader)
    related = pending.select_related("person__organisation", "session").prefetch_related(posts_on(day, "person__"))
    return related.order_by("session__starts_at", "place_in_line", "pk")


@transaction.atomic
def approve_seat(enrolment: Enrolment, *, by: Person) -> Enrolment:
    """Let somebody have the seat they asked for, or the next place on the waitlist where all are taken.

    Raises:
        NotYoursToApprove: ``by`` is not asked, or it was decided.
        SessionStarted: it is too late.
    """
    found = _locked_for(enrolment, by)
    before = snapshot(found)
    _decide(found, seat_or_line(found.session, found.person), by, before, "courses.seat_approved")
    tell(found, TOLD[found.state])
    return found


@transaction.atomic
def refuse_seat(enrolment: Enrolment, *, by: Person, reason: str) -> Enrolment:
    """Do not let somebody have the seat they asked for, and say why.

    Raises:
        NotYoursToApprove, SessionStarted: as for :func:`approve_seat`.
    """
    found = _locked_for(enrolment, by)
    before = snapshot(found)
    found.reason = reason.strip()[:200]
    _decide(found, EnrolmentState.CANCELLED, by, before, "courses.seat_refused")
    tell(found, Notice.REFUSED)
    return found


def _locked_for(enrolment: Enrolment, by: Person) -> Enrolment:
    session = locked(enrolment.session)
    if session.starts_at <= timezone.now():
        raise SessionStarted
    found = seats_to_approve(by).filter(pk=enrolment.pk).first()
    if found is None:
        raise NotYoursToApprove
    found.session = session
    return found


def _decide(enrolment: Enrolment, state: str, by: Person, before: dict[str, Any], act: str) -> None:
    enrolment.decided_by, enrolment.decided_at = by, timezone.now()
    change_state(enrolment, state)
    number, changed = enrolment.person.staff_number, since(before, enrolment)
    audit.record(act, enrolment.session, actor=by, person=number, changes=changed)
