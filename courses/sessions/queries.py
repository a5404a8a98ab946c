"""Queries on sessions with their seats, and on a person's training."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Meeting, NomineeTimes, Session, SessionModule, TrainingModule
from courses.models.places import place_key
from courses.places.queries import places_like
from courses.sessions.permissions import held_for, visible_sessions
from portal.models import Person
from portal.models.people import posts_on

# Sessions named on the page of a module; the list has all of them.
SESSIONS_SHOWN = 8


def takes_a_seat() -> Q:
    """Return the filter of places that take a chair: seats, and offers that have not run out."""
    return Q(state=EnrolmentState.SEATED) | Q(state=EnrolmentState.OFFERED, offer_until__gt=timezone.now())


def with_seats(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Annotate ``seats_taken``, ``waiting`` and ``free_seats`` (never below 0)."""
    return sessions.annotate(
        seats_taken=_enrolments(takes_a_seat()),
        waiting=_enrolments(Q(state=EnrolmentState.WAITLISTED)),
        pending=_enrolments(Q(state=EnrolmentState.PENDING)),
    ).annotate(free_seats=Greatest(F("capacity") - F("seats_taken"), 0))


def _enrolments(which: Q) -> Coalesce:
    counted = (
        Enrolment.objects.filter(which, session=OuterRef("pk"))
        .order_by()
        .values("session")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def for_lists(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Return ``sessions`` with seats, trainer, branch, modules (``session.parts``) and meetings, as lists show them."""
    parts = SessionModule.objects.select_related("module")
    return (
        with_seats(sessions)
        .select_related("trainer", "organisation", "place_record")
        .prefetch_related(Prefetch("parts", queryset=parts), "meetings")
    )


def with_own_state(sessions: QuerySet[Session], person: Person) -> QuerySet[Session]:
    """Annotate ``own_state``: the person's seat, place on the waitlist, or None."""
    mine = Enrolment.objects.filter(session=OuterRef("pk"), person=person).exclude(state=EnrolmentState.CANCELLED)
    return sessions.annotate(own_state=Subquery(mine.values("state")[:1]))


def ahead(sessions: QuerySet[Session], now: dt.datetime | None = None) -> QuerySet[Session]:
    """Narrow to sessions that are not over and not called off, the one with the next meeting first."""
    now = now or timezone.now()
    return by_next_meeting(sessions.filter(ends_at__gt=now).exclude(state=SessionState.CANCELLED), now)


def over(sessions: QuerySet[Session], now: dt.datetime | None = None) -> QuerySet[Session]:
    """Narrow to sessions that are over or were called off, the latest first."""
    done = Q(ends_at__lte=now or timezone.now()) | Q(state=SessionState.CANCELLED)
    return sessions.filter(done).order_by("-starts_at", "-pk")


def at_place(name: str) -> Q:
    """Return the filter of sessions with a meeting at a place whose name, one of them or as written, holds ``name``."""
    there = Q(place_key__contains=place_key(name)) | Q(place_record__in=places_like(name).order_by().values("pk"))
    return Q(pk__in=Meeting.objects.filter(there).order_by().values("session"))


def held_by(person: Person) -> QuerySet[Session]:
    """Return the sessions in which ``person`` has a seat or waits for one, earliest first, without annotations."""
    return Session.objects.filter(pk__in=places_of(person).values("session"))


def sessions_for(person: Person) -> QuerySet[Session]:
    """Return the sessions of :func:`held_by` as lists show them, with ``own_state``, by their next meeting."""
    return by_next_meeting(with_own_state(for_lists(held_by(person)), person))


def by_next_meeting(sessions: QuerySet[Session], now: dt.datetime | None = None) -> QuerySet[Session]:
    """Order sessions by the meeting that comes next or is running, those that are over by their last end."""
    coming = Meeting.objects.filter(session=OuterRef("pk"), ends_at__gt=now or timezone.now()).order_by("starts_at")
    return sessions.order_by(Coalesce(Subquery(coming.values("starts_at")[:1]), F("ends_at")), "pk")


def next_session_of(person: Person) -> Session | None:
    """Return the next session in which the person has a seat; one they wait for where they have none."""
    coming = ahead(sessions_for(person))
    # Named as a pair: the type checker knows no annotations.
    return coming.filter(Q(("own_state", EnrolmentState.SEATED))).first() or coming.first()


def next_wait_of(person: Person) -> Session | None:
    """Return the next session for a seat in which the person waits."""
    return ahead(sessions_for(person)).filter(Q(("own_state", EnrolmentState.WAITLISTED))).first()


def next_session_with_seat(person: Person, module: TrainingModule) -> Session | None:
    """Return the earliest coming session of ``module`` that ``person`` could book now and get a seat in.

    ``free_seats`` is annotated. Sessions the person already has a place in, teaches, or may not book are left out.
    """
    sessions = bookable_by(person).filter(parts__module=module).exclude(pk__in=places_of(person).values("session"))
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


def roster_of(session: Session, meeting: Meeting | None = None) -> list[Enrolment]:
    """Return who has a seat, in the order of booking, with attendance, organisation and the positions of the day.

    Args:
        meeting: the rows are about this one, and hold its attendance alone.
    """
    attended = Attendance.objects.select_related("checked_in_by", "meeting")
    attended = attended if meeting is None else attended.filter(meeting=meeting)
    day = timezone.localdate((meeting or session).starts_at)
    seated = session.enrolments.filter(state=EnrolmentState.SEATED).order_by("place_in_line", "pk")
    rows = list(
        seated.select_related("person__organisation", "session").prefetch_related(
            posts_on(day, "person__"),
            Prefetch("attendances", queryset=attended),
            "attendances__credits__module",
            "attendances__corrections__corrected_by",
        )
    )
    for row in rows:
        row.meeting = meeting
    return rows


def people_present(sessions: Iterable[Session]) -> dict[int, int]:
    """Return how many people were there, by session: with a seat or named by a customer, whoever is both once.

    Attendance and times that were struck do not count.
    """
    keys = [session.pk for session in sessions]
    came = Attendance.objects.filter(enrolment__session__in=keys).select_related("enrolment")
    found = {
        (attendance.enrolment.session_id, "seat", attendance.enrolment_id)
        for attendance in came.prefetch_related("corrections")
        if not attendance.is_void
    }
    named = NomineeTimes.objects.holding().filter(nominee__request__session__in=keys, nominee__match=None)
    found |= {
        (session, "named", nominee) for session, nominee in named.values_list("nominee__request__session", "nominee")
    }
    counts = Counter(session for session, _kind, _key in found)
    return {key: counts[key] for key in keys}


def waitlist_of(session: Session) -> QuerySet[Enrolment]:
    """Return the waitlist in order."""
    waiting = session.enrolments.filter(state=EnrolmentState.WAITLISTED).order_by("place_in_line", "pk")
    return waiting.select_related("person__organisation").prefetch_related(posts_on(timezone.localdate(), "person__"))


def position_in_line(enrolment: Enrolment) -> int:
    """Return the place on the waitlist, 1 for the next to move up."""
    before = Enrolment.objects.filter(
        session=enrolment.session_id,
        state=EnrolmentState.WAITLISTED,
        place_in_line__lt=enrolment.place_in_line,
    )
    return before.count() + 1


def past_enrolments_of(person: Person) -> QuerySet[Enrolment]:
    """Return the seats ``person`` had in sessions that are over or called off, the latest first, with credits."""
    return (
        person.enrolments.filter(state=EnrolmentState.SEATED)
        .filter(Q(session__ends_at__lte=timezone.now()) | Q(session__state=SessionState.CANCELLED))
        .select_related("session__trainer")
        .prefetch_related("attendances__credits__module", "attendances__corrections", "attendances__meeting")
        .order_by("-session__starts_at", "-pk")
    )


def places_of(person: Person) -> QuerySet[Enrolment]:
    """Return the places of ``person`` that were not given back: seats, waits, offers and what awaits approval."""
    return Enrolment.objects.filter(person=person).exclude(state=EnrolmentState.CANCELLED)


def with_next_session(modules: QuerySet[TrainingModule], reader: Any) -> QuerySet[TrainingModule]:
    """Annotate ``next_session_id`` and ``next_starts_at``: the next session of each module the reader may see."""
    coming = visible_sessions(reader).filter(state=SessionState.SCHEDULED, starts_at__gt=timezone.now())
    coming = coming.filter(parts__module=OuterRef("pk")).order_by("starts_at", "pk")
    return modules.annotate(
        next_session_id=Subquery(coming.values("pk")[:1]),
        next_starts_at=Subquery(coming.values("starts_at")[:1]),
    )
