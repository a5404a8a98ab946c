"""Moving a session: once, from where the mover saw it, told with the old and the new time."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.checkins.domain import arrive
from courses.enums import Policy, SessionState
from courses.models import ClashPolicy, Session
from courses.sessions.attendance.domain import check_in
from courses.sessions.errors.meetings import OnlyComingMeetings
from courses.sessions.errors.scheduling import MovedMeanwhile, TrainerBusy
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.scheduling.moving import is_movable, move_session, version_in_schedule
from portal.models import AuditEvent
from tests.courses.conftest import NOON
from tests.courses.sessions.courses import spans
from tests.factories.courses import EnrolmentFactory, TrainerFactory

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MOVED = "courses.session_rescheduled"


@pytest.fixture
def session(make_session):
    """A morning in a week, at whole minutes."""
    start = (timezone.now() + 7 * DAY).replace(hour=1, minute=0, second=0, microsecond=0)
    return make_session(starts_at=start, ends_at=start + dt.timedelta(hours=9), place="甲")


@pytest.fixture
def move(world, session):
    """Return a function moving the session by days, told only what differs."""

    def make(days=1, *, by=world.trainer, **changes):
        given = {"starts_at": session.starts_at + days * DAY, "trainer": session.trainer, "place": "甲"}
        return move_session(session, by=by, **given | changes)

    return make


def test_moved_session_lasts_as_long_and_its_people_are_told_both_times(world, session, move, commit, mailoutbox):
    EnrolmentFactory(session=session, person=world.technician)
    with commit():
        moved = move()
    assert (moved.starts_at, moved.ends_at) == (session.starts_at + DAY, session.ends_at + DAY)
    (letter,) = mailoutbox
    for moment in (session.starts_at, moved.starts_at):
        assert f"{timezone.localtime(moment).day}日" in letter.body


def test_moving_twice_is_moving_once(world, session, move, commit, mailoutbox):
    EnrolmentFactory(session=session, person=world.technician)
    seen = version_in_schedule(session.meetings.get())
    with commit():
        first, second = move(seen=seen), move(seen=seen)
    assert (first.sequence, second.sequence) == (1, 1)
    assert AuditEvent.objects.filter(action=MOVED).count() == 1
    assert len(mailoutbox) == 1


def test_a_move_from_where_it_no_longer_stands_is_refused(session, move):
    seen = version_in_schedule(session.meetings.get())
    move(2)
    with pytest.raises(MovedMeanwhile):
        move(1, seen=seen)
    session.refresh_from_db()
    assert session.sequence == 1


def test_clashes_are_judged_by_the_policy(world, session, move, make_session):
    make_session(starts_at=session.starts_at + DAY, ends_at=session.ends_at + DAY, place="乙")
    with pytest.raises(TrainerBusy):
        move(confirmed=[])
    policy = ClashPolicy.load()
    policy.trainer = Policy.IGNORE
    policy.save()
    assert move(confirmed=[]).sequence == 1


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.CANCELLED, SessionState.OPEN])
def test_only_what_is_scheduled_is_moved(session, move, state):
    Session.objects.update(state=state)
    with pytest.raises(WrongState):
        move()


def test_moving_is_for_who_runs_the_session(world, move):
    for stranger in (world.technician, world.other_manager, world.auditor, TrainerFactory(organisation=world.east)):
        with pytest.raises(NotYourSession):
            move(by=stranger)
    assert move(by=world.manager).sequence == 1


# --- the page --------------------------------------------------------------------------------------------------


def posted(session, days=1, **changes):
    """What a drag of the session by days posts."""
    start = timezone.localtime(session.starts_at + days * DAY)
    given = {"day": start.date().isoformat(), "time": f"{start:%H:%M}", "trainer": session.trainer_id}
    given |= {"place": session.place, "seen_version": version_in_schedule(session.meetings.get())}
    return given | {"next": reverse("courses:schedule") + "?view=month"} | changes


def test_drag_leads_back_to_the_schedule(client_of, world, session):
    address = reverse("courses:session_move", args=[session.pk])
    answer = client_of(world.trainer).post(address, posted(session))
    assert (answer.status_code, answer["Location"]) == (302, reverse("courses:schedule") + "?view=month")
    assert Session.objects.get().starts_at == session.starts_at + DAY
    elsewhere = posted(Session.objects.get(), next="//example.com/courses/schedule/")
    assert client_of(world.trainer).post(address, elsewhere)["Location"] == session.get_absolute_url()


def test_drag_from_a_page_that_is_out_of_date_shows_both_states(client_of, world, session):
    address, client = reverse("courses:session_move", args=[session.pk]), client_of(world.trainer)
    stale = posted(session)
    client.post(address, posted(session, 3))
    answer = client.post(address, stale)
    assert answer.status_code == 409
    wanted, stored = (timezone.localdate(session.starts_at + days * DAY).isoformat() for days in (1, 3))
    assert [(row.mine, row.theirs) for row in answer.context["stale"]] == [(wanted, stored)]
    # Knowing both, the mover may move it all the same.
    again = stale | {"seen_version": answer.context["form"]["seen_version"].value()}
    assert client.post(address, again).status_code == 302


def test_warnings_are_shown_and_confirmed(client_of, world, session, make_session):
    other = make_session(
        starts_at=session.starts_at + DAY, ends_at=session.ends_at + DAY, place="甲", trainer=TrainerFactory()
    )
    address, client = reverse("courses:session_move", args=[session.pk]), client_of(world.trainer)
    answer = client.post(address, posted(session))
    assert (answer.status_code, other.title in answer.text) == (409, True)
    assert Session.objects.get(pk=session.pk).sequence == 0
    keys = " ".join(clash.key for clash in answer.context["clashes"])
    assert client.post(address, posted(session, confirmed=keys)).status_code == 302


def test_refusals_keep_what_was_wanted(client_of, world, session, make_session):
    make_session(starts_at=session.starts_at + DAY, ends_at=session.ends_at + DAY, place="乙", title="占用")
    answer = client_of(world.trainer).post(reverse("courses:session_move", args=[session.pk]), posted(session))
    assert (answer.status_code, "占用" in answer.text) == (409, True)
    assert timezone.localdate(session.starts_at + DAY).isoformat() in answer.text


@pytest.mark.parametrize("how", ["pressed", "scanned"])
def test_a_meeting_somebody_came_to_early_is_not_moved(world, make_session, time_machine, how):
    """Two hours before its start it has not begun, yet who moved it would give hours to the absent."""
    time_machine.move_to(NOON, tick=False)
    course = make_session(meetings=spans(NOON), break_minutes=0, state=SessionState.OPEN)
    second = course.meetings.get(number=2)
    seat = EnrolmentFactory(session=course, person=world.technician)
    time_machine.move_to(second.starts_at - dt.timedelta(hours=2), tick=False)
    assert is_movable(second)
    if how == "pressed":
        check_in(seat, by=world.trainer)
    else:
        arrive(course, at=timezone.now(), person=world.technician)
    assert not is_movable(second)
    to = {"starts_at": second.starts_at + 8 * DAY, "trainer": course.trainer, "place": second.place}
    with pytest.raises(OnlyComingMeetings):
        move_session(course, by=world.trainer, meeting=second, **to)
    third = course.meetings.get(number=3)
    with pytest.raises(OnlyComingMeetings):
        # Nor is another one put before it.
        move_session(course, by=world.trainer, meeting=third, **to | {"starts_at": timezone.now() + MINUTE})
    assert is_movable(third)
    move_session(course, by=world.trainer, meeting=third, **to)
