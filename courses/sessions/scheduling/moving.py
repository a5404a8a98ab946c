"""Move a meeting to another day, time, trainer or place: by dragging, by keys, in a form."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import SessionState
from courses.models import Meeting, Session
from courses.models.places import tidy_place
from courses.sessions.errors.meetings import NoSuchMeeting
from courses.sessions.errors.scheduling import MovedMeanwhile
from courses.sessions.meetings.domain import is_open_at, meeting_of, plan_of, stays
from courses.sessions.scheduling.domain import reschedule_session
from courses.sessions.states import locked, require_runner
from courses.sessions.wording import written_span
from portal.models import Person
from portal.ui.stale import version_of


def place_in_schedule(meeting: Meeting) -> dict[str, Any]:
    """Return where a meeting stands in the schedule, as the form of a move shows it."""
    starts = timezone.localtime(meeting.starts_at)
    facts = {"day": starts.date(), "time": starts.time()}
    return facts | {"trainer": meeting.session.trainer_id, "place": meeting.place}


def version_in_schedule(meeting: Meeting) -> str:
    """Return the version of :func:`place_in_schedule`, which a move says it has seen."""
    return version_of(place_in_schedule(meeting))


def is_movable(meeting: Meeting) -> bool:
    """Whether a meeting can be moved: before check-in is open, or one of several that is still to come."""
    session = meeting.session
    if session.state == SessionState.SCHEDULED:
        return True
    if session.state != SessionState.OPEN or not session.has_several_meetings or meeting.has_begun:
        return False
    # People come only once check-in to the meeting is open, so the others on a board cost no query.
    return not is_open_at(meeting) or not stays(meeting)


@transaction.atomic
def move_session(
    session: Session,
    *,
    by: Person,
    starts_at: dt.datetime,
    trainer: Person,
    place: str,
    seen: str = "",
    confirmed: Collection[str] | None = None,
    meeting: Meeting | None = None,
) -> Session:
    """Move a meeting, as long as it lasts; one that stands there already is left as it is, and nobody is told.

    Args:
        trainer: of the whole session.
        seen: the version of what the mover saw; empty asks nothing.
        confirmed: keys of the clashes somebody wants all the same; None where nobody can be asked.
        meeting: which one; may be left out where the session has only one.

    Raises:
        MovedMeanwhile: it stands elsewhere than the mover saw.
        NoSuchMeeting: the session has no such meeting any more.
        and whatever ``reschedule_session`` refuses.
    """
    session = locked(session)
    require_runner(by, session)
    meetings = list(session.meetings.all())
    key = meeting_of(session, meeting).pk
    meeting = next((one for one in meetings if one.pk == key), None)
    if meeting is None:
        raise NoSuchMeeting
    if (meeting.starts_at, session.trainer_id, meeting.place) == (starts_at, trainer.pk, tidy_place(place)):
        return session
    if seen and seen != version_in_schedule(meeting):
        facts = {"when": written_span(meeting), "trainer": session.trainer.name, "place": meeting.place}
        raise MovedMeanwhile(**facts)
    plans = [plan_of(one) for one in meetings]
    ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    moved = replace(plan_of(meeting), starts_at=starts_at, ends_at=ends_at, place=place)
    wanted = [moved if plan.key == key else plan for plan in plans]
    return reschedule_session(session, by=by, confirmed=confirmed, meetings=wanted, trainer=trainer)
