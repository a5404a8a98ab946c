"""Queue notices to participants after the transaction commits, each newer than the last one to that person."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.enums import EnrolmentState, SeatApproval
from courses.models import DroppedMeeting, Enrolment, Meeting, Session
from courses.sessions.superiors import superiors_of
from courses.sessions.tasks import send_approval_request, send_notice, send_trainer_notice
from courses.sessions.wording import written_span, written_time
from portal.models import Person


def stamp(enrolment: Enrolment) -> None:
    """Set DTSTAMP of the next letter, without saving: now, but a second later than the last letter at least."""
    now = timezone.now().replace(microsecond=0)
    last = enrolment.stamped_at
    enrolment.stamped_at = now if last is None else max(now, last + dt.timedelta(seconds=1))


@dataclass(frozen=True)
class Said:
    """When and where a session and its meetings are, in words, to be set beside what holds later.

    Args:
        meetings: a line by primary key.
    """

    time: str
    place: str
    meetings: Mapping[int, str]

    @classmethod
    def of(cls, session: Session) -> "Said":
        """Return what letters say of a session now."""
        with translation.override(settings.LANGUAGE_CODE):
            lines = {meeting.pk: _line(meeting) for meeting in session.meetings.all()}
            return cls(written_time(session), session.place, lines)

    def beside(self, session: Session, dropped: Sequence[DroppedMeeting] = ()) -> dict[str, str]:
        """Return what letters say of time and place as they were, where one of them changed since.

        With several meetings, before or now, that is a line a meeting under ``meetings``, and what was dropped.
        """
        now = Said.of(session)
        if len(self.meetings) > 1 or len(now.meetings) > 1:
            return self._of_several(now, dropped)
        was = {"time": self.time} if self.time != now.time else {}
        return was | ({"place": self.place} if self.place != now.place else {})

    def _of_several(self, now: "Said", dropped: Sequence[DroppedMeeting]) -> dict[str, str]:
        if self.meetings == now.meetings:
            return {}
        with translation.override(settings.LANGUAGE_CODE):
            lines = [
                _changed_line(number, self.meetings.get(key), text)
                for number, (key, text) in enumerate(now.meetings.items(), start=1)
            ]
            lines += [_dropped_line(meeting) for meeting in dropped]
        return {"meetings": "\n".join(lines)}


def _line(meeting: Meeting | DroppedMeeting) -> str:
    return f"{written_span(meeting)}，{meeting.place}"


def _changed_line(number: int, before: str | None, now: str) -> str:
    facts = {"number": number, "before": before, "now": now}
    if before is None:
        return _("Meeting %(number)s, new: %(now)s") % facts
    if before == now:
        return _("Meeting %(number)s, unchanged: %(now)s") % facts
    return _("Meeting %(number)s: before %(before)s → now %(now)s") % facts


def _dropped_line(meeting: DroppedMeeting) -> str:
    facts = {"meeting": _line(meeting), "reason": meeting.reason}
    return (_("Dropped: %(meeting)s (%(reason)s)") if meeting.reason else _("Dropped: %(meeting)s")) % facts


def tell(
    enrolment: Enrolment, notice: str, was: dict[str, str] | None = None, *, ends_at: dt.datetime | None = None
) -> None:
    """Write to the person after the transaction is committed; about what is over nobody is written to.

    Args:
        was: time and place before, see :class:`Said`.
        ends_at: when what is told of is over; the end of the session by default.
    """
    session = enrolment.session
    if (ends_at or session.ends_at) <= timezone.now():
        return
    sequence, letter = enrolment.calendar_sequence, uuid.uuid4().hex
    transaction.on_commit(lambda: send_notice.enqueue(enrolment.pk, str(notice), sequence, letter, was or {}))


def tell_everybody(
    session: Session, notice: str, was: dict[str, str] | None = None, *, ends_at: dt.datetime | None = None
) -> None:
    """Write to all who have a seat in ``session`` or wait for one.

    Args:
        was, ends_at: as in :func:`tell`.
    """
    people = list(session.enrolments.exclude(state=EnrolmentState.CANCELLED))
    for enrolment in people:
        stamp(enrolment)
    Enrolment.objects.bulk_update(people, ["stamped_at"])
    for enrolment in people:
        enrolment.session = session
        tell(enrolment, notice, was, ends_at=ends_at)


def tell_trainers(
    session: Session,
    notice: str,
    was: dict[str, str],
    before: Person,
    *,
    by: Person,
    ends_at: dt.datetime | None = None,
) -> None:
    """Write to who teaches a session, and to who did before, unless they changed it themselves.

    Args:
        was, ends_at: as in :func:`tell`.
    """
    if (ends_at or session.ends_at) <= timezone.now():
        return
    for trainer in {session.trainer, before} - {by}:
        letter = uuid.uuid4().hex
        args = (session.pk, trainer.pk, str(notice), session.sequence, letter, was)
        transaction.on_commit(lambda args=args: send_trainer_notice.enqueue(*args))


def tell_approvers(enrolment: Enrolment) -> None:
    """Tell who is to approve a seat: the superiors, or the trainer; where nobody stands above, the trainer as well."""
    session = enrolment.session
    people = superiors_of(enrolment.person) if session.approval == SeatApproval.SUPERIOR else []
    for person in people or [session.trainer]:
        args = (enrolment.pk, person.pk, enrolment.calendar_sequence, uuid.uuid4().hex)
        transaction.on_commit(lambda args=args: send_approval_request.enqueue(*args))
