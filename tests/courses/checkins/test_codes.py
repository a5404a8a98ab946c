"""The code on the screen: it changes, it belongs to one session, and an old or made-up one opens nothing."""

import pytest

from courses.checkins import codes

pytestmark = pytest.mark.django_db


def test_code_changes_with_the_window_and_is_taken_a_moment_longer(make_session, time_machine):
    session = make_session()
    time_machine.move_to(1_800_000_000, tick=False)
    shown = codes.code_of(session, codes.window_now())
    assert codes.is_valid(session, shown)
    time_machine.shift(codes.WINDOW)
    assert codes.code_of(session, codes.window_now()) != shown
    assert codes.is_valid(session, shown)


def test_code_passed_on_is_dead(make_session, time_machine):
    session = make_session()
    time_machine.move_to(1_800_000_000, tick=False)
    shown = codes.code_of(session, codes.window_now())
    time_machine.shift(2 * codes.WINDOW)
    assert not codes.is_valid(session, shown)


def test_code_of_tomorrow_is_not_taken_today(make_session):
    session = make_session()
    assert not codes.is_valid(session, codes.code_of(session, codes.window_now() + 1))


def test_code_belongs_to_one_session(make_session):
    one, other = make_session(), make_session(trainer=make_session().trainer)
    assert not codes.is_valid(other, codes.code_of(one, codes.window_now()))


@pytest.mark.parametrize("code", ["", "x", "0-" + "0" * 20, "ééé"])
def test_made_up_code_opens_nothing(make_session, code):
    assert not codes.is_valid(make_session(), code)


def test_screen_waits_until_the_code_ends(time_machine):
    time_machine.move_to(1_800_000_004, tick=False)
    assert codes.milliseconds_left() == 11_000
