"""Reads across training: sessions with their seats, a person's training, credited time.

Only here are sessions annotated and prefetched; ``session.free_seats`` and the like exist after :func:`with_seats`.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, HourCredit, Session, SessionModule, TrainingModule
from courses.permissions import held_for, visible_sessions
from portal.models import Person

# --- sessions -----------------------------------------------------------------------------------------------


def with_seats(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Annotate ``seats_taken``, ``waiting`` and ``free_seats`` (never below 0)."""
    return sessions.annotate(
        seats_taken=_enrolments(EnrolmentState.SEATED), waiting=_enrolments(EnrolmentState.WAITLISTED)
    ).annotate(free_seats=Greatest(F("capacity") - F("seats_taken"), 0))


def _enrolments(state: str) -> Coalesce:
    counted = (
        Enrolment.objects.filter(session=OuterRef("pk"), state=state)
        .order_by()
        .values("session")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def for_lists(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Return ``sessions`` with seats, trainer, branch and modules (``session.parts``), as lists show them."""
    parts = SessionModule.objects.select_related("module")
    return (
        with_seats(sessions)
        .select_related("trainer", "organisation")
        .prefetch_related(Prefetch("parts", queryset=parts))
    )


def with_own_state(sessions: QuerySet[Session], person: Person) -> QuerySet[Session]:
    """Annotate ``own_state``: the person's seat, place on the waitlist, or None."""
    mine = Enrolment.objects.filter(session=OuterRef("pk"), person=person).exclude(state=EnrolmentState.CANCELLED)
    return sessions.annotate(own_state=Subquery(mine.values("state")[:1]))


def ahead(sessions: QuerySet[Session], now: dt.datetime | None = None) -> QuerySet[Session]:
    """Narrow to sessions that are not over and not called off, the next one first."""
    return sessions.filter(ends_at__gt=now or timezone.now()).exclude(state=SessionState.CANCELLED)


def over(sessions: QuerySet[Session], now: dt.datetime | None = None) -> QuerySet[Session]:
    """Narrow to sessions that are over or were called off, the latest first."""
    done = Q(ends_at__lte=now or timezone.now()) | Q(state=SessionState.CANCELLED)
    return sessions.filter(done).order_by("-starts_at", "-pk")


def sessions_for(person: Person) -> QuerySet[Session]:
    """Return the sessions in which ``person`` has a seat or waits for one, earliest first, with ``own_state``."""
    return with_own_state(for_lists(Session.objects.all()), person).filter(own_state__isnull=False)


def next_session_of(person: Person) -> Session | None:
    """Return the person's own next session that is not over and not called off, seated or waiting."""
    return ahead(sessions_for(person)).first()


def next_session_with_seat(person: Person, module: TrainingModule) -> Session | None:
    """Return the earliest coming session of ``module`` that ``person`` could book now and get a seat in.

    ``free_seats`` is annotated. Sessions the person already has a place in, teaches, or may not book are left out.
    """
    sessions = with_own_state(for_lists(bookable_by(person)), person)
    return sessions.filter(own_state__isnull=True, free_seats__gt=0, parts__module=module).first()


def bookable_by(person: Person) -> QuerySet[Session]:
    """Return the coming sessions held for ``person``, whether or not a seat is free."""
    return (
        Session.objects.filter(held_for(person), state=SessionState.SCHEDULED, starts_at__gt=timezone.now())
        .exclude(trainer=person)
        .order_by("starts_at", "pk")
    )


def upcoming_of_module(module: TrainingModule, person: Person) -> QuerySet[Session]:
    """Return the coming sessions of ``module`` that ``person`` may see, with seats and the person's own state."""
    return with_own_state(for_lists(ahead(visible_sessions(person)).filter(parts__module=module)), person)


# --- modules -------------------------------------------------------------------------------------------------


def with_next_session(modules: QuerySet[TrainingModule], person: Person) -> QuerySet[TrainingModule]:
    """Annotate ``next_session_id`` and ``next_starts_at`` of the earliest coming session the person may see."""
    coming = ahead(visible_sessions(person)).filter(parts__module=OuterRef("pk")).order_by("starts_at", "pk")
    return modules.annotate(
        next_session_id=Subquery(coming.values("pk")[:1]),
        next_starts_at=Subquery(coming.values("starts_at")[:1]),
    )


# --- credited time --------------------------------------------------------------------------------------------


def _credits(on: dt.date | None, known_at: dt.datetime | None) -> QuerySet[HourCredit]:
    credits = HourCredit.objects.order_by()
    if on is not None:
        credits = credits.filter(earned_on__lte=on)
    if known_at is not None:
        credits = credits.filter(recorded_at__lte=known_at)
    return credits


def minutes_credited(
    person: Person, module: TrainingModule, *, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> int:
    """Return the minutes of ``module`` credited to ``person``.

    Args:
        on: count what was earned up to this day; everything by default.
        known_at: count what was on record at this moment; everything by default.
    """
    credits = _credits(on, known_at).filter(person=person, module=module)
    return credits.aggregate(total=Sum("minutes"))["total"] or 0


def minutes_credited_to(
    people: Iterable[Person] | QuerySet[Person],
    modules: Iterable[TrainingModule] | QuerySet[TrainingModule],
    *,
    on: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> dict[tuple[int, int], int]:
    """Return the credited minutes of many people in one query, by ``(person.pk, module.pk)``; absent means 0.

    Args:
        on, known_at: as in :func:`minutes_credited`.
    """
    credits = _credits(on, known_at).filter(person__in=people, module__in=modules)
    totals = credits.values("person_id", "module_id").annotate(total=Sum("minutes"))
    return {(row["person_id"], row["module_id"]): row["total"] for row in totals}
