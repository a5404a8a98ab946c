"""The table of a session's states, and the lock under which they change."""

import pytest

from courses.enums import SessionState
from courses.models import Session
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.states import TRANSITIONS, locked, may_become, move, require_runner

SCHEDULED, OPEN, CLOSED, CANCELLED = SessionState
ALLOWED = {(SCHEDULED, OPEN), (SCHEDULED, CANCELLED), (OPEN, CLOSED), (OPEN, CANCELLED), (CLOSED, OPEN)}


@pytest.mark.parametrize("before", list(SessionState))
@pytest.mark.parametrize("after", list(SessionState))
def test_state_table(before, after):
    session = Session(state=before)
    assert may_become(session, after) is ((before, after) in ALLOWED)
    if (before, after) in ALLOWED:
        move(session, after)
        assert session.state == after
    else:
        with pytest.raises(WrongState):
            move(session, after)
        assert session.state == before


def test_state_table_knows_every_state():
    assert set(TRANSITIONS) == set(SessionState)


def test_what_is_called_off_stays_called_off():
    assert TRANSITIONS[CANCELLED] == frozenset()


def test_refusal_names_the_state_as_it_is_shown():
    with pytest.raises(WrongState, match="已取消"):
        move(Session(state=CANCELLED), OPEN)


def test_locked_session_is_read_anew(make_session):
    session = make_session(title="旧名")
    Session.objects.update(title="新名")
    assert locked(session).title == "新名"
    assert session.title == "旧名"


@pytest.mark.parametrize("who", ["trainer", "manager", "administrator"])
def test_who_runs_it_passes(world, make_session, who):
    require_runner(getattr(world, who), make_session())


@pytest.mark.parametrize("who", ["technician", "stranger", "other_manager", "auditor", "contact"])
def test_nobody_else_passes(world, make_session, who):
    with pytest.raises(NotYourSession):
        require_runner(getattr(world, who), make_session())
