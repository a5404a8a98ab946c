"""Seats of people who leave the network: freed, audited, and the next moves up, but never after the start."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.sessions.attendance.domain import check_in
from courses.sessions.errors.seats import NotHeldForYou
from courses.sessions.scheduling.domain import reschedule_session
from courses.sessions.seats.domain import book_seat, cancel_seat, move_up
from courses.sessions.seats.freeing import free_seats
from courses.sessions.seats.leavers import has_left, seats_of_leavers, sessions_of_leavers
from portal.models import Assignment, AuditEvent
from portal.people.domain import end_assignment
from portal.people.forms import PersonForm
from portal.registry.jobs import jobs
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.engines

SEATED, WAITLISTED, CANCELLED = EnrolmentState.SEATED, EnrolmentState.WAITLISTED, EnrolmentState.CANCELLED
DAY = dt.timedelta(days=1)


@pytest.fixture
def full(world, make_session):
    """A session of one seat a week from now: the technician has it, somebody with an address waits."""
    session = make_session(capacity=1)
    book_seat(session, world.technician, by=world.technician, notify=False)
    waiting = PersonFactory(organisation=world.outlet, name="候补的人", email="next@example.com")
    book_seat(session, waiting, by=waiting, notify=False)
    return session


def states(session) -> list[str]:
    return list(session.enrolments.order_by("place_in_line").values_list("state", flat=True))


def deactivate(person):
    person.is_active = False
    person.save()


def test_deactivated_person_frees_the_seat_and_the_next_moves_up(world, full):
    deactivate(world.technician)
    assert states(full) == [CANCELLED, SEATED]


def test_it_is_audited_with_the_person_and_the_states(world, full):
    deactivate(world.technician)
    freed = AuditEvent.objects.get(action="courses.seat_freed")
    assert (freed.subject, freed.detail["person"]) == (f"courses.session:{full.pk}", world.technician.staff_number)
    assert [change["field"] for change in freed.detail["changes"]] == ["state"]
    assert AuditEvent.objects.filter(action="courses.seat_moved_up").count() == 1


def test_who_moves_up_gets_a_letter_and_who_left_gets_none(world, full, commit):
    with commit():
        deactivate(world.technician)
    assert [letter.to for letter in mail.outbox] == [["候补的人 <next@example.com>"]]
    assert mail.outbox[0].subject.startswith("候补转正")


def test_deactivated_in_the_editing_area(client_of, world, full):
    administrator = PersonFactory(is_superuser=True, organisation=world.hq)
    form = PersonForm(instance=world.technician, for_user=administrator)
    typed = {name: form.initial.get(name) or "" for name in form.fields if name not in ("roles", "is_active")}
    address = reverse("wagtailusers_users:edit", args=[world.technician.pk])
    assert client_of(administrator).post(address, typed).status_code == 302
    world.technician.refresh_from_db()
    assert not world.technician.is_active
    assert states(full) == [CANCELLED, SEATED]


def test_deactivated_with_several_others_at_once(client_of, world, full):
    administrator = PersonFactory(is_superuser=True, organisation=world.hq)
    UserProfile.get_for_user(administrator)
    address = reverse("wagtail_bulk_action", args=["portal", "person", "set_active_state"])
    people = "&".join(f"id={person.pk}" for person in (world.technician, world.stranger))
    answer = client_of(administrator).post(f"{address}?{people}", {"mark_as_active": "False"})
    assert answer.status_code == 302
    assert states(full) == [CANCELLED, SEATED]


def test_whose_last_post_ends_before_the_session_frees_the_seat(world, full, commit):
    post = AssignmentFactory(person=world.technician, start=timezone.localdate() - 400 * DAY)
    with commit():
        end_assignment(post, timezone.localdate() + 2 * DAY)
    assert states(full) == [CANCELLED, SEATED]
    assert [letter.subject.split("：")[0] for letter in mail.outbox] == ["已退出", "候补转正"]


def test_whose_last_post_ends_on_the_day_of_the_session_keeps_it(world, full):
    post = AssignmentFactory(person=world.technician, start=timezone.localdate() - 400 * DAY)
    end_assignment(post, timezone.localdate(full.starts_at))
    assert states(full) == [SEATED, WAITLISTED]


def test_who_is_transferred_keeps_the_seat(world, full):
    post = AssignmentFactory(person=world.technician, start=timezone.localdate() - 400 * DAY)
    AssignmentFactory(person=world.technician, start=timezone.localdate() + DAY)
    end_assignment(post, timezone.localdate())
    assert states(full) == [SEATED, WAITLISTED]


def test_who_never_held_a_post_belongs_to_the_organisation_on_the_record(world, full):
    assert free_seats() == []
    assert states(full) == [SEATED, WAITLISTED]


def test_post_taken_away_altogether(world, full):
    past = AssignmentFactory(person=world.technician, start=dt.date(2020, 1, 1), end=dt.date(2020, 12, 31))
    assert states(full) == [CANCELLED, SEATED]
    assert past.person == world.technician


def test_deleted_post_that_was_the_last_one(world, full):
    AssignmentFactory(person=world.technician, start=dt.date(2020, 1, 1))
    AssignmentFactory(person=world.technician, start=dt.date(2019, 1, 1), end=dt.date(2019, 12, 31))
    assert states(full) == [SEATED, WAITLISTED]
    world.technician.assignments.get(end__isnull=True).delete()
    assert states(full) == [CANCELLED, SEATED]


def test_job_finds_what_was_written_beside_the_portal(world, full):
    type(world.technician).objects.filter(pk=world.technician.pk).update(is_active=False)
    assert states(full) == [SEATED, WAITLISTED]
    assert [enrolment.person for enrolment in jobs()["free_seats_of_leavers"].run()] == [world.technician]
    assert states(full) == [CANCELLED, SEATED]


def test_job_run_twice_does_nothing_more(world, full):
    type(world.technician).objects.filter(pk=world.technician.pk).update(is_active=False)
    free_seats()
    assert free_seats() == []
    assert AuditEvent.objects.filter(action="courses.seat_freed").count() == 1


def test_place_on_the_waitlist_is_freed_too(world, full):
    waiting = full.enrolments.get(state=WAITLISTED).person
    deactivate(waiting)
    assert states(full) == [SEATED, CANCELLED]


def test_who_left_is_passed_over_by_those_who_move_up(world, full):
    third = PersonFactory(organisation=world.outlet)
    book_seat(full, third, by=third, notify=False)
    waiting = full.enrolments.filter(state=WAITLISTED).order_by("place_in_line").first().person
    type(waiting).objects.filter(pk=waiting.pk).update(is_active=False)
    cancel_seat(full.enrolments.get(person=world.technician), by=world.technician)
    assert full.enrolments.get(state=SEATED).person == third


def test_several_sessions_and_several_leavers(world, make_session):
    people = PersonFactory.create_batch(3, organisation=world.outlet)
    sessions = [make_session(starts_at=timezone.now() + days * DAY, capacity=2) for days in (3, 5)]
    for session in sessions:
        for person in people:
            book_seat(session, person, by=person, notify=False)
    type(people[0]).objects.filter(pk__in=[person.pk for person in people[:2]]).update(is_active=False)
    assert len(free_seats()) == 4
    for session in sessions:
        assert states(session) == [CANCELLED, CANCELLED, SEATED]


def test_one_persons_seats_only(world, full, make_session):
    other = EnrolmentFactory(session=make_session(), person__is_active=False)
    type(world.technician).objects.filter(pk=world.technician.pk).update(is_active=False)
    assert [enrolment.person for enrolment in free_seats(world.technician)] == [world.technician]
    other.refresh_from_db()
    assert other.is_seated


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.CANCELLED])
def test_what_is_over_or_called_off_stays(world, full, state):
    Session.objects.update(state=state)
    deactivate(world.technician)
    assert states(full) == [SEATED, WAITLISTED]


def test_session_that_has_begun_stays(world, full, time_machine):
    time_machine.move_to(full.starts_at + dt.timedelta(minutes=1))
    deactivate(world.technician)
    assert states(full) == [SEATED, WAITLISTED]


def test_who_is_checked_in_stays(world, full, time_machine):
    Session.objects.update(state=SessionState.OPEN)
    time_machine.move_to(full.starts_at - dt.timedelta(hours=1))
    check_in(full.enrolments.get(person=world.technician), by=world.trainer)
    deactivate(world.technician)
    assert states(full) == [SEATED, WAITLISTED]


def test_who_has_left_by_then_does_not_book(world, make_session):
    AssignmentFactory(
        person=world.technician, organisation=world.outlet, start=dt.date(2020, 1, 1), end=timezone.localdate() + DAY
    )
    with pytest.raises(NotHeldForYou):
        book_seat(make_session(), world.technician, by=world.technician)
    soon = make_session(starts_at=timezone.now() + dt.timedelta(hours=1))
    assert book_seat(soon, world.technician, by=world.technician).is_seated


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], False),
        ([None], False),
        ([-1], True),
        ([6], True),
        ([7], False),
        ([30], False),
        ([-1, None], False),
        ([-1, 3], True),
        ([3, 8], False),
    ],
)
def test_who_has_left_by_the_day_of_the_session(world, make_session, ends, expected):
    """Days from today on which posts end; the session is a week from now. Query and question agree."""
    session = make_session()
    person = PersonFactory(organisation=world.outlet)
    seat = EnrolmentFactory(session=session, person=person)
    position, today = PositionFactory(organisation=world.outlet), timezone.localdate()
    posts = [
        Assignment(
            person=person,
            position=position,
            organisation=world.outlet,
            start=today - (100 + number) * DAY,
            end=None if days is None else today + days * DAY,
        )
        for number, days in enumerate(ends)
    ]
    # Many at once send no signals: the receivers free nothing before the question is asked.
    Assignment.objects.bulk_create(posts)
    assert has_left(person, session) is expected
    assert seats_of_leavers().filter(pk=seat.pk).exists() is expected


@pytest.mark.parametrize(
    ("begun", "ends", "has_to_be_replaced", "is_freed"),
    [(True, -1, True, True), (True, 0, True, True), (True, 9, False, False), (False, 8, True, False)],
)
def test_who_leaves_during_a_course(world, make_session, begun, ends, has_to_be_replaced, is_freed):
    """A trainer is replaced for the meetings after they leave; a seat is freed where the next meeting is after it."""
    first = timezone.now() + (-2 if begun else 7) * DAY
    spans = [(first + days * DAY, first + days * DAY + dt.timedelta(hours=3)) for days in (0, 4)]
    state = SessionState.OPEN if begun else SessionState.SCHEDULED
    course = make_session(meetings=spans, break_minutes=0, state=state)
    person = PersonFactory(organisation=world.outlet)
    seat = EnrolmentFactory(session=course, person=person)
    position, today = PositionFactory(organisation=world.outlet), timezone.localdate()
    facts = {"position": position, "organisation": world.outlet, "start": today - 100 * DAY, "end": today + ends * DAY}
    Assignment.objects.bulk_create(Assignment(person=one, **facts) for one in (person, course.trainer))
    assert sessions_of_leavers().filter(pk=course.pk).exists() is has_to_be_replaced
    assert seats_of_leavers().filter(pk=seat.pk).exists() is has_left(person, course) is is_freed


# --- nobody moves up after the start ---------------------------------------------------------------------------


@pytest.fixture
def begun(full, time_machine):
    """The same session a minute after its start, with check-in open."""
    Session.objects.update(state=SessionState.OPEN)
    time_machine.move_to(full.starts_at + dt.timedelta(minutes=1))
    full.refresh_from_db()
    return full


def test_seat_given_back_after_the_start_moves_nobody_up(world, begun):
    cancel_seat(begun.enrolments.get(person=world.technician), by=world.trainer)
    assert states(begun) == [CANCELLED, WAITLISTED]


def test_capacity_raised_after_the_start_moves_nobody_up(world, begun, commit):
    with commit():
        reschedule_session(begun, by=world.trainer, capacity=5)
    assert states(begun) == [SEATED, WAITLISTED]
    assert mail.outbox == []


def test_capacity_raised_before_the_start_moves_up_with_a_letter(world, full, commit):
    with commit():
        reschedule_session(full, by=world.trainer, capacity=5)
    assert states(full) == [SEATED, SEATED]
    assert [letter.subject.split("：")[0] for letter in mail.outbox] == ["候补转正"]


def test_check_in_that_is_open_before_the_start_still_lets_people_move_up(world, full, time_machine):
    Session.objects.update(state=SessionState.OPEN)
    time_machine.move_to(full.starts_at - dt.timedelta(minutes=1))
    cancel_seat(full.enrolments.get(person=world.technician), by=world.trainer)
    assert states(full) == [CANCELLED, SEATED]


def test_unopened_session_that_has_begun_moves_nobody_up(world, full, time_machine):
    time_machine.move_to(full.starts_at)
    full.refresh_from_db()
    reschedule_session(full, by=world.trainer, capacity=5, note="加座")
    assert states(full) == [SEATED, WAITLISTED]


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.CANCELLED])
def test_nobody_moves_up_in_a_session_that_is_off(full, state):
    full.state, full.capacity = state, 5
    assert move_up(full) == []


def test_who_gave_the_place_back_does_not_move_up(world, full):
    third = PersonFactory(organisation=world.outlet)
    book_seat(full, third, by=third)
    second = full.enrolments.filter(state=WAITLISTED).order_by("place_in_line").first()
    cancel_seat(second, by=second.person)
    cancel_seat(full.enrolments.get(person=world.technician), by=world.technician)
    assert states(full) == [CANCELLED, CANCELLED, SEATED]
    assert Enrolment.objects.get(state=SEATED).person == third
