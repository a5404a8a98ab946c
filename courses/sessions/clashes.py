"""Clashes between sessions (trainer, room) as data; the caller decides whether to refuse or to warn."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.days.queries import holidays
from courses.enums import ClashKind, EnrolmentState, SessionState
from courses.models import Session, SpecialDay
from courses.models.places import place_key
from courses.places.queries import place_named
from courses.sessions.wording import written_time
from portal.models import Person


@dataclass(frozen=True)
class Clash:
    """Two sessions at the same time that share a trainer, a place or a trainee; or one too big for its place.

    Args:
        session: the other session; the one judged itself where nothing else is in its way.
        day: the holiday it falls on.
    """

    kind: ClashKind
    session: Session
    day: SpecialDay | None = None

    @property
    def code(self) -> str:
        """Stable name for programs."""
        return f"clash_{self.kind.value}"

    @property
    def message(self) -> str:
        """The sentence for people."""
        sentence = {
            ClashKind.TRAINER: _("%(trainer)s also teaches “%(session)s” (%(when)s)."),
            ClashKind.PLACE: _("%(place)s is also taken by “%(session)s” (%(when)s)."),
            ClashKind.HOLIDAY: _("%(day)s is a public holiday (%(holiday)s)."),
            ClashKind.SEATS: _("%(place)s holds %(holds)s people, fewer than the session has seats (%(seats)s)."),
            ClashKind.TRAINEE: _("You are also booked into “%(session)s” (%(when)s)."),
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
        }


def overlapping(starts_at: dt.datetime, ends_at: dt.datetime, ignore: Session | None = None) -> QuerySet[Session]:
    """Return the sessions that are not called off and share time with the given one; touching ends do not."""
    sessions = Session.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    sessions = sessions.exclude(state=SessionState.CANCELLED).select_related("trainer", "place_record")
    return sessions.exclude(pk=ignore.pk) if ignore is not None and ignore.pk else sessions


def clashes_of(
    *, trainer: Person, place: str, starts_at: dt.datetime, ends_at: dt.datetime, ignore: Session | None = None
) -> Sequence[Clash]:
    """Return what a session at this time would run into, trainer first.

    Args:
        place: any name of a place, or one no record has.
        ignore: the session itself when it is being moved.
    """
    found: list[Clash] = []
    key, record = place_key(place), place_named(place)
    for session in overlapping(starts_at, ends_at, ignore):
        is_there = session.place_record_id == record.pk if record else bool(key) and session.place_key == key
        if session.trainer_id == trainer.pk:
            found.append(Clash(ClashKind.TRAINER, session))
        elif is_there:
            found.append(Clash(ClashKind.PLACE, session))
    return sorted(found, key=lambda clash: (clash.kind != ClashKind.TRAINER, clash.session.starts_at))


def clashes_of_session(session: Session) -> Sequence[Clash]:
    """Return what an existing session runs into, and that its place is too small or its day a holiday."""
    found = [*_on_holiday(session)]
    found += clashes_of(
        trainer=session.trainer,
        place=session.place,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        ignore=session,
    )
    record = session.place_record
    if record is not None and record.capacity and session.capacity > record.capacity:
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
        enrolments__state__in=[EnrolmentState.SEATED, EnrolmentState.WAITLISTED],
    )
    return [Clash(ClashKind.TRAINEE, other) for other in others]
