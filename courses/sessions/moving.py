"""Move a session to another day, time, trainer or place: by dragging, by keys, in a form."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import Session
from courses.models.places import tidy_place
from courses.sessions.domain import reschedule_session
from courses.sessions.errors.scheduling import MovedMeanwhile
from courses.sessions.states import locked, require_runner
from courses.sessions.wording import written_time
from portal.models import Person
from portal.ui.stale import version_of


def place_in_schedule(session: Session) -> dict[str, Any]:
    """Return where a session stands in the schedule, as the form of a move shows it."""
    starts = timezone.localtime(session.starts_at)
    return {"day": starts.date(), "time": starts.time(), "trainer": session.trainer_id, "place": session.place}


def version_in_schedule(session: Session) -> str:
    """Return the version of :func:`place_in_schedule`, which a move says it has seen."""
    return version_of(place_in_schedule(session))


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
) -> Session:
    """Move a session, as long as it lasts; a session that stands there already is left as it is, and nobody is told.

    Args:
        seen: the version of what the mover saw; empty asks nothing.
        confirmed: keys of the clashes somebody wants all the same; None where nobody can be asked.

    Raises:
        MovedMeanwhile: it stands elsewhere than the mover saw.
        and whatever ``reschedule_session`` refuses.
    """
    session = locked(session)
    require_runner(by, session)
    stands = (session.starts_at, session.trainer_id, session.place)
    if stands == (starts_at, trainer.pk, tidy_place(place)):
        return session
    if seen and seen != version_in_schedule(session):
        facts = {"when": written_time(session), "trainer": session.trainer.name, "place": session.place}
        raise MovedMeanwhile(**facts)
    ends_at = starts_at + (session.ends_at - session.starts_at)
    changes = {"starts_at": starts_at, "ends_at": ends_at, "trainer": trainer, "place": place}
    return reschedule_session(session, by=by, confirmed=confirmed, **changes)
