"""Legal state transitions of a session, and the lock under which they happen."""

import datetime as dt

from courses.enums import SessionState
from courses.models import Session
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.permissions import can_run_session
from portal.models import Person

# How long before the start check-in may be opened, and the earliest anybody can have come.
CHECK_IN_LEAD = dt.timedelta(hours=4)

# From where one may go where. A closed session is opened again only to correct its attendance.
TRANSITIONS: dict[str, frozenset[str]] = {
    SessionState.SCHEDULED: frozenset({SessionState.OPEN, SessionState.CANCELLED}),
    SessionState.OPEN: frozenset({SessionState.CLOSED, SessionState.CANCELLED}),
    SessionState.CLOSED: frozenset({SessionState.OPEN}),
    SessionState.CANCELLED: frozenset(),
}


def may_become(session: Session, state: str) -> bool:
    """Whether the table lets ``session`` go to ``state``."""
    return state in TRANSITIONS[session.state]


def move(session: Session, state: str) -> None:
    """Set the state of a locked session without saving it.

    Raises:
        WrongState: the table knows no such step.
    """
    if not may_become(session, state):
        raise WrongState(state=session.get_state_display())
    session.state = state


def locked(session: Session) -> Session:
    """Return the session as it is now, locked until the transaction ends: what is then counted stays true."""
    return Session.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=session.pk)


def require_runner(person: Person, session: Session) -> None:
    """Let only those pass who run the session.

    Raises:
        NotYourSession: for everybody else.
    """
    if not can_run_session(person, session):
        raise NotYourSession
