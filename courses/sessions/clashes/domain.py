"""What speaks against holding a session there and then, as data; ``clashes.rules`` says what becomes of it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.days.queries import holidays
from courses.enums import ClashKind, EnrolmentState, Policy, SessionState
from courses.models import Enrolment, Meeting, Session, SpecialDay
from courses.models.places import place_key
from courses.places.queries import places_named
from courses.sessions.wording import Span, written_span
from portal.models import Person

# The longest a meeting lasts: those that began earlier need not be looked at, so that the index by time suffices.
LONGEST = dt.timedelta(days=92)
# The longest a session of several meetings lasts.
LONGEST_COURSE = dt.timedelta(days=400)
# What two sessions may have in common, in the order in which it is told.
BETWEEN = (ClashKind.TRAINER, ClashKind.PLACE, ClashKind.EQUIPMENT, ClashKind.TRAINEE)
TAKEN = (EnrolmentState.SEATED, EnrolmentState.WAITLISTED, EnrolmentState.PENDING, EnrolmentState.OFFERED)


class Held(Span, Protocol):
    """When and where something is held: a meeting, or one as planned."""

    @property
    def place(self) -> str:
        """As it is written."""


@dataclass(frozen=True)
class Clash:
    """Two sessions at the same time that share something, or one session that does not fit its day, place or trainer.

    Args:
        session: the other session; the one judged itself where nothing else is in its way.
        meeting: the one of that session which is in the way.
        day: the holiday it falls on.
        said: who or what is shared, or the sentence itself where others wrote it.
        policy: what becomes of it.
    """

    kind: ClashKind
    session: Session
    meeting: Meeting | None = None
    day: SpecialDay | None = None
    said: str = ""
    policy: Policy = Policy.WARN

    @property
    def code(self) -> str:
        """Stable name for programs."""
        return f"clash_{self.kind.value}"

    @property
    def key(self) -> str:
        """Which clash this is: whoever confirms one has not confirmed another."""
        return f"{self.kind.value}-{self.day.day if self.day else self.session.pk or 'own'}"

    @property
    def message(self) -> str:
        """The sentence for people."""
        sentence = {
            ClashKind.TRAINER: _("%(trainer)s also teaches “%(session)s” (%(when)s)."),
            ClashKind.PLACE: _("%(place)s is also taken by “%(session)s” (%(when)s)."),
            ClashKind.EQUIPMENT: _("%(said)s is also used in “%(session)s” (%(when)s)."),
            ClashKind.TRAINEE: _("%(said)s: also booked into “%(session)s” (%(when)s).")
            if self.said
            else _("You are also booked into “%(session)s” (%(when)s)."),
            ClashKind.HOLIDAY: _("%(day)s is a public holiday (%(holiday)s)."),
            ClashKind.SEATS: _("%(place)s holds %(holds)s people, fewer than the session has seats (%(seats)s)."),
            ClashKind.UNQUALIFIED: "%(said)s",
        }[self.kind]
        held = self.meeting or self.session
        return sentence % {
            "trainer": self.session.trainer.name,
            "place": held.place,
            "session": self.session.title,
            "when": written_span(held),
            "holds": held.place_record.capacity if held.place_record else "",
            "seats": self.session.capacity,
            "day": formats.date_format(self.day.day, "DATE_FORMAT") if self.day else "",
            "holiday": self.day.name if self.day else "",
            "said": self.said,
        }


#: By what is shared and with which session.
Found = dict[tuple[ClashKind, int], Clash]


def at_the_time(meetings: Iterable[Span]) -> Q:
    """Return the filter of meetings that share time with one of these; touching ends do not."""
    spans = [(meeting.starts_at, meeting.ends_at) for meeting in meetings]
    return reduce(or_, (_near(starts, ends) for starts, ends in spans), Q(pk__in=[]))


def _taught_about(meetings: Sequence[Span]) -> Q:
    """Return the filter of sessions near these meetings, so that the index by trainer and time suffices."""
    last, first = max(one.ends_at for one in meetings), min(one.starts_at for one in meetings)
    return Q(session__starts_at__lt=last, session__starts_at__gt=first - LONGEST_COURSE)


def _near(starts_at: dt.datetime, ends_at: dt.datetime) -> Q:
    return Q(starts_at__lt=ends_at, starts_at__gt=starts_at - LONGEST, ends_at__gt=starts_at)


def at_the_place(meetings: Iterable[Held]) -> Q:
    """Return the filter of meetings that share time and place with one of these, by its record or the spelling."""
    spans = list(meetings)
    records = places_named(span.place for span in spans)
    found = Q(pk__in=[])
    for span in spans:
        key = place_key(span.place)[:160]
        if key:
            where = Q(place_record=records[key]) if key in records else Q(place_key=key)
            found |= _near(span.starts_at, span.ends_at) & where
    return found


def meetings_held(ignore: Session | None = None) -> QuerySet[Meeting]:
    """Return the meetings of sessions that are not called off, in order of time."""
    meetings = Meeting.objects.exclude(session__state=SessionState.CANCELLED)
    meetings = meetings.select_related("session__trainer", "session__place_record", "place_record")
    return meetings.exclude(session=ignore.pk) if ignore is not None and ignore.pk else meetings


def clashes_of(
    *,
    trainer: Person,
    meetings: Sequence[Held],
    ignore: Session | None = None,
    machines: Collection[int] = (),
    kinds: Collection[ClashKind] = BETWEEN,
) -> list[Clash]:
    """Return the sessions one with these meetings would run into, trainer first, each once a kind; by index.

    None hides another: a room and a learner taken by the same session are two clashes, each with a key of its own.

    Args:
        meetings: each with its time and any name of a place, or one no record has.
        ignore: the session itself when it is being moved; its people are looked for elsewhere.
        machines: keys of the machines used.
        kinds: what is looked for.
    """
    near, found = meetings_held(ignore).filter(at_the_time(meetings)), Found()
    if ClashKind.TRAINER in kinds:
        _add(found, ClashKind.TRAINER, near.filter(_taught_about(meetings), session__trainer=trainer))
    if ClashKind.PLACE in kinds:
        _add(found, ClashKind.PLACE, meetings_held(ignore).filter(at_the_place(meetings)))
    if ClashKind.EQUIPMENT in kinds and machines:
        _machines(found, near, machines)
    if ClashKind.TRAINEE in kinds and ignore is not None and ignore.pk:
        _trainees(found, near, ignore)
    return list(found.values())


def _add(found: Found, kind: ClashKind, meetings: QuerySet[Meeting]) -> None:
    for meeting in meetings:
        found.setdefault((kind, meeting.session_id), Clash(kind, meeting.session, meeting=meeting))


def _said_of(found: Found, kind: ClashKind, near: QuerySet[Meeting], said: Mapping[int, Sequence[str]]) -> None:
    if said:
        for meeting in near.filter(session__in=said):
            text = "、".join(said[meeting.session_id])
            found.setdefault((kind, meeting.session_id), Clash(kind, meeting.session, meeting=meeting, said=text))


def _machines(found: Found, near: QuerySet[Meeting], machines: Collection[int]) -> None:
    sessions = near.order_by().values("session")
    used = Session.machines.through.objects.filter(equipmentunit__in=machines, session__in=sessions)
    serials: dict[int, list[str]] = {}
    for session, serial in used.values_list("session", "equipmentunit__serial").order_by("equipmentunit__serial"):
        serials.setdefault(session, []).append(serial)
    _said_of(found, ClashKind.EQUIPMENT, near, serials)


def _trainees(found: Found, near: QuerySet[Meeting], own: Session) -> None:
    people = Enrolment.objects.filter(session=own, state__in=TAKEN).values("person")
    sessions = near.order_by().values("session")
    booked = Enrolment.objects.filter(person__in=people, state__in=TAKEN, session__in=sessions)
    names: dict[int, list[str]] = {}
    for session, name in booked.values_list("session", "person__name").order_by("person__name"):
        names.setdefault(session, []).append(name)
    _said_of(found, ClashKind.TRAINEE, near, {session: people[:5] for session, people in names.items()})


def clashes_of_session(
    session: Session,
    *,
    meetings: Sequence[Meeting] | None = None,
    machines: Collection[int] | None = None,
    kinds: Collection[ClashKind] = tuple(ClashKind),
) -> list[Clash]:
    """Return what speaks against a session, saved or not, apart from its trainer's qualification.

    Args:
        meetings: those it is to have; those on record when left out.
        machines: keys of the machines used; those on record when left out.
    """
    meetings = list(session.meetings.all()) if meetings is None else meetings
    if machines is None and session.pk and ClashKind.EQUIPMENT in kinds:
        machines = list(session.machines.values_list("pk", flat=True))
    found = list(_on_holidays(session, meetings)) if ClashKind.HOLIDAY in kinds else []
    found += clashes_of(
        trainer=session.trainer, meetings=meetings, ignore=session, machines=machines or (), kinds=kinds
    )
    if ClashKind.SEATS in kinds:
        found += _too_small(session, meetings)
    return found


def _too_small(session: Session, meetings: Sequence[Meeting]) -> Iterator[Clash]:
    """Yield the first place that holds fewer people than the session has seats."""
    for meeting in meetings:
        record = meeting.place_record
        if record is not None and record.capacity and session.capacity > record.capacity:
            yield Clash(ClashKind.SEATS, session, meeting=meeting)
            return


def _on_holidays(session: Session, meetings: Sequence[Meeting]) -> Iterator[Clash]:
    """Yield the first holiday of each meeting, each day once; an end at midnight belongs to the day before."""
    spans = [
        (timezone.localdate(one.starts_at), timezone.localdate(one.ends_at - dt.timedelta(microseconds=1)))
        for one in meetings
    ]
    off = holidays(spans[0][0], spans[-1][1])
    first = {next((day.day for day in off if begins <= day.day <= ends), None) for begins, ends in spans}
    yield from (Clash(ClashKind.HOLIDAY, session, day=day) for day in off if day.day in first)


def clashes_of_trainee(person: Person, session: Session) -> Sequence[Clash]:
    """Return the person's other bookings at the time of a meeting of ``session``, each session once."""
    booked = Enrolment.objects.filter(person=person, state__in=TAKEN).values("session")
    found = Found()
    near = meetings_held(session).filter(at_the_time(session.meetings.all()), session__in=booked)
    _add(found, ClashKind.TRAINEE, near)
    return list(found.values())
