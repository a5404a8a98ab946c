"""What speaks against holding a session there and then, as data; ``courses.sessions.rules`` says what becomes of it."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.days.queries import holidays
from courses.enums import ClashKind, EnrolmentState, Policy, SessionState
from courses.models import Enrolment, Session, SpecialDay
from courses.models.places import place_key
from courses.places.queries import place_named
from courses.sessions.wording import written_time
from portal.models import Person

# The longest a session lasts: sessions that began earlier need not be looked at, so that the index by time suffices.
LONGEST = dt.timedelta(days=92)
# What two sessions may have in common, in the order in which it is told.
BETWEEN = (ClashKind.TRAINER, ClashKind.PLACE, ClashKind.EQUIPMENT, ClashKind.TRAINEE)
TAKEN = (EnrolmentState.SEATED, EnrolmentState.WAITLISTED, EnrolmentState.PENDING, EnrolmentState.OFFERED)


@dataclass(frozen=True)
class Clash:
    """Two sessions at the same time that share something, or one session that does not fit its day, place or trainer.

    Args:
        session: the other session; the one judged itself where nothing else is in its way.
        day: the holiday it falls on.
        said: who or what is shared, or the sentence itself where others wrote it.
        policy: what becomes of it.
    """

    kind: ClashKind
    session: Session
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
        return sentence % {
            "trainer": self.session.trainer.name,
            "place": self.session.place,
            "session": self.session.title,
            "when": written_time(self.session),
            "holds": self.session.place_record.capacity if self.session.place_record else "",
            "seats": self.session.capacity,
            "day": formats.date_format(self.day.day, "DATE_FORMAT") if self.day else "",
            "holiday": self.day.name if self.day else "",
            "said": self.said,
        }


def overlapping(starts_at: dt.datetime, ends_at: dt.datetime, ignore: Session | None = None) -> QuerySet[Session]:
    """Return the sessions that are not called off and share time with the given one; touching ends do not."""
    sessions = Session.objects.filter(starts_at__lt=ends_at, starts_at__gt=starts_at - LONGEST, ends_at__gt=starts_at)
    sessions = sessions.exclude(state=SessionState.CANCELLED).select_related("trainer", "place_record")
    sessions = sessions.order_by("starts_at", "pk")
    return sessions.exclude(pk=ignore.pk) if ignore is not None and ignore.pk else sessions


def at_the_place(sessions: QuerySet[Session], place: str) -> QuerySet[Session]:
    """Narrow to sessions at the place that ``place`` names, by its record or else by the spelling."""
    if (record := place_named(place)) is not None:
        return sessions.filter(place_record=record)
    key = place_key(place)[:160]
    return sessions.filter(place_key=key) if key else sessions.none()


def clashes_of(
    *,
    trainer: Person,
    place: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    ignore: Session | None = None,
    machines: Collection[int] = (),
    kinds: Collection[ClashKind] = BETWEEN,
) -> list[Clash]:
    """Return the sessions one at this time would run into, trainer first, each once; a query a kind, by index.

    Args:
        place: any name of a place, or one no record has.
        ignore: the session itself when it is being moved; its people are looked for elsewhere.
        machines: keys of the machines used.
        kinds: what is looked for.
    """
    near, found = overlapping(starts_at, ends_at, ignore), dict[int, Clash]()
    if ClashKind.TRAINER in kinds:
        _add(found, ClashKind.TRAINER, near.filter(trainer=trainer))
    if ClashKind.PLACE in kinds:
        _add(found, ClashKind.PLACE, at_the_place(near, place))
    if ClashKind.EQUIPMENT in kinds and machines:
        _machines(found, near, machines)
    if ClashKind.TRAINEE in kinds and ignore is not None and ignore.pk:
        _trainees(found, near, ignore)
    return list(found.values())


def _add(found: dict[int, Clash], kind: ClashKind, sessions: QuerySet[Session], said: str = "") -> None:
    for session in sessions:
        found.setdefault(session.pk, Clash(kind, session, said=said))


def _machines(found: dict[int, Clash], near: QuerySet[Session], machines: Collection[int]) -> None:
    used = Session.machines.through.objects.filter(equipmentunit__in=machines, session__in=near.order_by())
    serials: dict[int, list[str]] = {}
    for session, serial in used.values_list("session", "equipmentunit__serial").order_by("equipmentunit__serial"):
        serials.setdefault(session, []).append(serial)
    if serials:
        for session in near.filter(pk__in=serials):
            said = "、".join(serials[session.pk])
            found.setdefault(session.pk, Clash(ClashKind.EQUIPMENT, session, said=said))


def _trainees(found: dict[int, Clash], near: QuerySet[Session], own: Session) -> None:
    people = Enrolment.objects.filter(session=own, state__in=TAKEN).values("person")
    booked = Enrolment.objects.filter(person__in=people, state__in=TAKEN, session__in=near.order_by())
    names: dict[int, list[str]] = {}
    for session, name in booked.values_list("session", "person__name").order_by("person__name"):
        names.setdefault(session, []).append(name)
    if names:
        for session in near.filter(pk__in=names):
            said = "、".join(names[session.pk][:5])
            found.setdefault(session.pk, Clash(ClashKind.TRAINEE, session, said=said))


def clashes_of_session(
    session: Session, *, machines: Collection[int] | None = None, kinds: Collection[ClashKind] = tuple(ClashKind)
) -> list[Clash]:
    """Return what speaks against a session, saved or not, apart from its trainer's qualification.

    Args:
        machines: keys of the machines used; those on record when left out.
    """
    if machines is None and session.pk and ClashKind.EQUIPMENT in kinds:
        machines = list(session.machines.values_list("pk", flat=True))
    found = list(_on_holiday(session)) if ClashKind.HOLIDAY in kinds else []
    found += clashes_of(
        trainer=session.trainer,
        place=session.place,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        ignore=session,
        machines=machines or (),
        kinds=kinds,
    )
    record = session.place_record
    if ClashKind.SEATS in kinds and record is not None and record.capacity and session.capacity > record.capacity:
        found.append(Clash(ClashKind.SEATS, session))
    return found


def _on_holiday(session: Session) -> Iterator[Clash]:
    # An end at midnight belongs to the day before.
    last = timezone.localdate(session.ends_at - dt.timedelta(microseconds=1))
    for day in holidays(timezone.localdate(session.starts_at), last)[:1]:
        yield Clash(ClashKind.HOLIDAY, session, day)


def clashes_of_trainee(person: Person, session: Session) -> Sequence[Clash]:
    """Return the person's other bookings at the time of ``session``."""
    others = overlapping(session.starts_at, session.ends_at, session).filter(
        enrolments__person=person,
        enrolments__state__in=TAKEN,
    )
    return [Clash(ClashKind.TRAINEE, other) for other in others]
