"""What two sessions at the same time have in common, as data."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.enums import ClashKind, EnrolmentState, SessionState
from courses.models import Session
from courses.sessions.clashes.domain import (
    Clash,
    at_the_time,
    clashes_of,
    clashes_of_session,
    clashes_of_trainee,
    meetings_held,
)
from courses.sessions.meetings.domain import MeetingPlan
from tests.courses.conftest import NOON
from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainerFactory

HOUR = dt.timedelta(hours=1)


def held_at(starts_at, ends_at, **kwargs):
    """Return the meetings held in a span of time."""
    return meetings_held(**kwargs).filter(at_the_time([MeetingPlan(starts_at=starts_at, ends_at=ends_at, place="")]))


@pytest.fixture
def nine_to_twelve(make_session):
    """A session from nine to twelve."""
    return make_session(starts_at=NOON - 3 * HOUR, ends_at=NOON, place="一号教室", title="上午的班")


@pytest.mark.parametrize(
    ("start", "end", "shares"),
    [
        (-4, -3, False),
        (-4, -2, True),
        (-3, 0, True),
        (-2, -1, True),
        (-4, 1, True),
        (-1, 1, True),
        (0, 1, False),
        (5, 9, False),
    ],
)
def test_touching_ends_share_no_time(nine_to_twelve, start, end, shares):
    assert held_at(NOON + start * HOUR, NOON + end * HOUR).exists() is shares


def test_session_does_not_overlap_itself(nine_to_twelve):
    span = (nine_to_twelve.starts_at, nine_to_twelve.ends_at)
    assert not held_at(*span, ignore=nine_to_twelve).exists()
    assert held_at(*span, ignore=Session()).get().session == nine_to_twelve


@pytest.mark.parametrize("state", list(SessionState))
def test_what_is_called_off_takes_no_time(nine_to_twelve, state):
    Session.objects.update(state=state)
    found = held_at(nine_to_twelve.starts_at, nine_to_twelve.ends_at).exists()
    assert found is (state != SessionState.CANCELLED)


def test_trainer_is_named_before_the_place(world, nine_to_twelve):
    colleague = TrainerFactory(organisation=world.outlet)
    SessionFactory(trainer=colleague, place="一号教室", starts_at=NOON - 3 * HOUR, ends_at=NOON, title="隔壁")
    clashes = clashes_of(
        trainer=world.trainer, meetings=[MeetingPlan(place="一号教室", starts_at=NOON - 2 * HOUR, ends_at=NOON)]
    )
    assert [(clash.kind, clash.session.title) for clash in clashes] == [
        (ClashKind.TRAINER, "上午的班"),
        (ClashKind.PLACE, "上午的班"),
        (ClashKind.PLACE, "隔壁"),
    ]


def test_several_clashes_are_in_order_of_time(world):
    for hours in (3, 1, 2):
        SessionFactory(trainer=world.trainer, starts_at=NOON + hours * HOUR, ends_at=NOON + (hours + 1) * HOUR)
    found = clashes_of(trainer=world.trainer, meetings=[MeetingPlan(place="", starts_at=NOON, ends_at=NOON + 9 * HOUR)])
    starts = [clash.session.starts_at for clash in found]
    assert starts == sorted(starts)
    assert len(starts) == 3


def test_same_trainer_in_the_same_room_is_found_by_both(world, nine_to_twelve):
    clashes = clashes_of(
        trainer=world.trainer, meetings=[MeetingPlan(place="一号教室", starts_at=NOON - HOUR, ends_at=NOON)]
    )
    assert [clash.kind for clash in clashes] == [ClashKind.TRAINER, ClashKind.PLACE]


def test_session_alone_clashes_with_nothing(nine_to_twelve):
    assert clashes_of_session(nine_to_twelve) == []


@pytest.mark.parametrize(
    ("kind", "said"), [(ClashKind.TRAINER, "陈老师"), (ClashKind.PLACE, "一号教室"), (ClashKind.TRAINEE, "您")]
)
def test_sentence_says_what_is_shared_with_what_and_when(nine_to_twelve, kind, said):
    message = Clash(kind, nine_to_twelve).message
    assert said in message
    assert "上午的班" in message
    assert "09:00–12:00" in message
    assert Clash(kind, nine_to_twelve).code == f"clash_{kind.value}"


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_trainee_is_warned_of_seats_and_waits_only(world, nine_to_twelve, state):
    EnrolmentFactory(session=nine_to_twelve, person=world.technician, state=state)
    other = SessionFactory(starts_at=NOON - HOUR, ends_at=NOON + HOUR)
    found = [clash.session for clash in clashes_of_trainee(world.technician, other)]
    assert found == ([] if state == EnrolmentState.CANCELLED else [nine_to_twelve])


def test_somebody_elses_seat_is_no_clash(world, nine_to_twelve):
    EnrolmentFactory(session=nine_to_twelve, person=world.stranger)
    assert clashes_of_trainee(world.technician, SessionFactory(starts_at=NOON - HOUR, ends_at=NOON + HOUR)) == []


hours = st.integers(min_value=0, max_value=48)


@given(first=st.tuples(hours, hours), second=st.tuples(hours, hours))
def test_sharing_time_is_mutual(first, second):
    """The rule of the query, on numbers: each shares time with the other, or neither does."""
    (a, b), (c, d) = sorted(first), sorted(second)
    if a == b or c == d:
        return
    assert (a < d and b > c) == (c < b and d > a) == bool(set(range(a, b)) & set(range(c, d)))
