"""Reads across training: sessions with their seats, a person's training, credited time.

Only here are sessions annotated and prefetched; ``session.free_seats`` and the like exist after :func:`with_seats`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, HourCredit, ModuleTopic, Session, SessionModule, TrainingModule
from courses.permissions import held_for, visible_sessions
from kb.manuals.queries import readable_chapter
from portal.models import Assignment, Person

# Sessions named on the page of a module; the list has all of them.
SESSIONS_SHOWN = 8

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
    booked = Session.objects.filter(pk__in=_held(person).values("session"))
    return with_own_state(for_lists(booked), person)


def next_session_of(person: Person) -> Session | None:
    """Return the person's own next session that is not over and not called off, seated or waiting."""
    return ahead(sessions_for(person)).first()


def next_session_with_seat(person: Person, module: TrainingModule) -> Session | None:
    """Return the earliest coming session of ``module`` that ``person`` could book now and get a seat in.

    ``free_seats`` is annotated. Sessions the person already has a place in, teaches, or may not book are left out.
    """
    sessions = bookable_by(person).filter(parts__module=module).exclude(pk__in=_held(person).values("session"))
    # Named as a pair: the type checker knows no annotations.
    return for_lists(sessions).filter(Q(("free_seats__gt", 0))).first()


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


def between(sessions: QuerySet[Session], start: dt.datetime, end: dt.datetime) -> QuerySet[Session]:
    """Narrow to sessions that share time with the span, called-off ones included, earliest first."""
    return sessions.filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "pk")


# --- modules -----------------------------------------------------------------------------------------


def modules_for_catalogue(modules: QuerySet[TrainingModule], reader: Any) -> QuerySet[TrainingModule]:
    """Return ``modules`` by category, with ``next_session_id`` and ``next_starts_at`` of what the reader may see."""
    coming = visible_sessions(reader).filter(state=SessionState.SCHEDULED, starts_at__gt=timezone.now())
    coming = coming.filter(parts__module=OuterRef("pk")).order_by("starts_at", "pk")
    return (
        modules.select_related("category")
        .annotate(
            next_session_id=Subquery(coming.values("pk")[:1]),
            next_starts_at=Subquery(coming.values("starts_at")[:1]),
        )
        .order_by("category__path", "code")
    )


def modules_for_reading() -> QuerySet[TrainingModule]:
    """Return the published modules with everything their page shows but sessions."""
    topics = ModuleTopic.objects.select_related("chapter__edition__manual").order_by("sort_order", "pk")
    return (
        TrainingModule.objects.filter(live=True)
        .select_related("category")
        .prefetch_related(Prefetch("topics", queryset=topics), "trainers__organisation", "equipment")
    )


def module_facts(module: TrainingModule, reader: Any) -> dict[str, Any]:
    """Return what the page of ``module`` shows to ``reader``; chapters only where the reader may open the manual."""
    topics = [(topic, readable_chapter(topic.chapter, reader)) for topic in module.topics.all()]
    is_known = reader.is_authenticated
    return {
        "module": module,
        "topics": topics,
        "trainers": module.trainers.all(),
        "sessions": upcoming_of_module(module, reader)[:SESSIONS_SHOWN] if is_known else [],
        "credited": minutes_credited(reader, module) if is_known else 0,
    }


# --- people in a session ------------------------------------------------------------------------------


def roster_of(session: Session) -> list[Enrolment]:
    """Return who has a seat, in the order of booking, with attendance, organisation and today's positions."""
    positions = Assignment.objects.valid_on(timezone.localdate(session.starts_at)).select_related("position")
    seated = session.enrolments.filter(state=EnrolmentState.SEATED).order_by("place_in_line", "pk")
    return list(
        seated.select_related("person__organisation", "attendance", "session").prefetch_related(
            Prefetch("person__assignments", queryset=positions, to_attr="todays_assignments"),
            "attendance__credits__module",
        )
    )


def waitlist_of(session: Session) -> QuerySet[Enrolment]:
    """Return who waits, the first first."""
    waiting = session.enrolments.filter(state=EnrolmentState.WAITLISTED).order_by("place_in_line", "pk")
    return waiting.select_related("person__organisation")


def position_in_line(enrolment: Enrolment) -> int:
    """Return the place on the waitlist, 1 for the next to move up."""
    before = Enrolment.objects.filter(
        session=enrolment.session_id,
        state=EnrolmentState.WAITLISTED,
        place_in_line__lt=enrolment.place_in_line,
    )
    return before.count() + 1


# --- a person's record ----------------------------------------------------------------------------------


def past_enrolments_of(person: Person) -> QuerySet[Enrolment]:
    """Return the seats ``person`` had in sessions that are over or called off, the latest first, with credits."""
    return (
        person.enrolments.filter(state=EnrolmentState.SEATED)
        .filter(Q(session__ends_at__lte=timezone.now()) | Q(session__state=SessionState.CANCELLED))
        .select_related("session__trainer", "attendance")
        .prefetch_related("attendance__credits__module")
        .order_by("-session__starts_at", "-pk")
    )


@dataclass(frozen=True)
class Progress:
    """How much of a module somebody has been credited (minutes)."""

    module: TrainingModule
    credited: int

    @property
    def is_complete(self) -> bool:
        """Whether the whole module is credited."""
        return self.credited >= self.module.minutes


def progress_of(person: Person) -> list[Progress]:
    """Return the modules ``person`` has credited time in, or is going to attend, with the minutes."""
    booked = SessionModule.objects.filter(session__in=ahead(Session.objects.all()).filter(enrolments__in=_held(person)))
    modules = (
        TrainingModule.objects.filter(Q(hour_credits__person=person) | Q(session_parts__in=booked))
        .select_related("category")
        .distinct()
        .order_by("code")
    )
    credited = minutes_credited_to([person], modules)
    return [Progress(module, credited.get((person.pk, module.pk), 0)) for module in modules]


def _held(person: Person) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(person=person).exclude(state=EnrolmentState.CANCELLED)


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
