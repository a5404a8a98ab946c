"""Seats under pressure: many at one moment, and any order of bookings, cancellations and changes."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from courses.enums import EnrolmentState, Policy
from courses.models import ClashPolicy, Enrolment, Session
from courses.sessions.errors.seats import FewerSeatsThanPeople, SessionFull
from courses.sessions.scheduling import changes
from courses.sessions.scheduling.domain import reschedule_session
from courses.sessions.seats.capacity import has_free_seat, seats_taken
from courses.sessions.seats.domain import book_seat, cancel_seat, seat_walk_in
from courses.sessions.seats.freeing import free_seats
from portal.models import AuditEvent, Person
from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainerFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines

DAY = dt.timedelta(days=1)
SEATED, WAITLISTED, CANCELLED = EnrolmentState.SEATED, EnrolmentState.WAITLISTED, EnrolmentState.CANCELLED


def at_once(acts) -> list[BaseException]:
    """Do all of them in threads that start together; what they raised."""
    start, failures = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def line(session) -> list[Enrolment]:
    return list(session.enrolments.exclude(state=CANCELLED).order_by("place_in_line"))


@pytest.fixture
def twenty(world):
    return PersonFactory.create_batch(20, organisation=world.outlet)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_for_the_last_seat(world, make_session, twenty):
    """One has it, nineteen wait, in the order in which they were served."""
    session = make_session(capacity=1)
    acts = [lambda person=person: book_seat(session, person, by=person, notify=False) for person in twenty]
    assert at_once(acts) == []
    places = line(session)
    assert [place.state for place in places] == [SEATED] + [WAITLISTED] * 19
    assert [place.place_in_line for place in places] == list(range(1, 21))
    assert [place.booked_at for place in places] == sorted(place.booked_at for place in places)
    assert {place.person for place in places} == set(twenty)
    assert AuditEvent.objects.filter(action="courses.seat_booked").count() == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("policy", [Policy.BLOCK, Policy.WARN])
def test_moving_holds_the_people_before_it_looks_for_their_other_places(world, make_session, policy, monkeypatch):
    """Somebody books another session while theirs is moved to its time: one of both is refused."""
    ClashPolicy.load()
    ClashPolicy.objects.update(trainee=policy)
    session = make_session()
    other = make_session(trainer=TrainerFactory(organisation=world.west), starts_at=session.starts_at + 7 * DAY)
    EnrolmentFactory(session=session, person=world.technician)
    span = {"starts_at": other.starts_at, "ends_at": other.ends_at}
    looked = []
    asked = changes.check_clashes

    def look(*args, **kwargs):
        """See who is held at the moment of looking."""
        held = [one["sql"] for one in seen.captured_queries if '"portal_person"."id" IN' in one["sql"]]
        looked.extend(sql for sql in held if sql.count(f"{world.technician.pk}") and "ORDER BY" in sql)
        return asked(*args, **kwargs)

    monkeypatch.setattr(changes, "check_clashes", look)
    with CaptureQueriesContext(connection) as seen:
        reschedule_session(session, by=world.manager, notify=False, **span)
    assert bool(looked) is (policy == Policy.BLOCK)


@pytest.mark.django_db(transaction=True)
def test_one_person_twenty_times_at_once_is_one_place(world, make_session):
    session = make_session()
    person = world.technician
    assert at_once([lambda: book_seat(session, person, by=person, notify=False)] * 20) == []
    assert session.enrolments.count() == 1
    assert AuditEvent.objects.filter(action="courses.seat_booked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_leave_at_once_and_as_many_move_up_in_order(world, make_session, twenty):
    session = make_session(capacity=8)
    places = [book_seat(session, person, by=person, notify=False) for person in twenty]
    acts = [lambda place=place: cancel_seat(place, by=place.person, notify=False) for place in places[:8]]
    assert at_once(acts) == []
    assert [place.state for place in line(session)] == [SEATED] * 8 + [WAITLISTED] * 4
    assert [place.person for place in line(session)] == twenty[8:]


@pytest.mark.django_db(transaction=True)
def test_leaving_and_booking_at_once_never_overbook(world, make_session, twenty):
    session = make_session(capacity=4)
    places = [book_seat(session, person, by=person, notify=False) for person in twenty[:8]]
    leave = [lambda place=place: cancel_seat(place, by=place.person, notify=False) for place in places[:4]]
    book = [lambda person=person: book_seat(session, person, by=person, notify=False) for person in twenty[8:16]]
    assert at_once(leave + book) == []
    states = [place.state for place in line(session)]
    assert states == [SEATED] * 4 + [WAITLISTED] * 8


@pytest.mark.django_db(transaction=True)
def test_last_chair_is_given_to_one_of_those_at_the_door(world, make_session, twenty):
    session = make_session(capacity=1, state="open", starts_at=timezone.now() - dt.timedelta(hours=1))
    acts = [lambda person=person: seat_walk_in(session, person, by=world.trainer) for person in twenty[:6]]
    failures = at_once(acts)
    assert [type(failure) for failure in failures] == [SessionFull] * 5
    assert seats_taken(session) == 1


@pytest.mark.django_db(transaction=True)
def test_fewer_seats_and_a_booking_at_once_agree(world, make_session, twenty):
    session = make_session(capacity=3)
    for person in twenty[:2]:
        book_seat(session, person, by=person, notify=False)
    failures = at_once(
        [
            lambda: reschedule_session(session, by=world.trainer, notify=False, capacity=2),
            lambda: book_seat(session, twenty[2], by=twenty[2], notify=False),
        ]
    )
    session.refresh_from_db()
    assert seats_taken(session) <= session.capacity
    assert all(isinstance(failure, FewerSeatsThanPeople) for failure in failures)


# --- any order ------------------------------------------------------------------------------------------------------


class Booking(RuleBasedStateMachine):
    """Five people and one session of two seats, beside a list that says what must be true."""

    people = st.integers(min_value=0, max_value=4)

    def __init__(self) -> None:
        super().__init__()
        self.session = SessionFactory(capacity=2)
        self.trainer = self.session.trainer
        self.persons = PersonFactory.create_batch(5, organisation=self.session.organisation)
        self.capacity = 2
        # Who has a seat, in any order, and who waits, in this order.
        self.seated: set[int] = set()
        self.waiting: list[int] = []
        self.left: set[int] = set()

    def _fill(self) -> None:
        while self.waiting and len(self.seated) < self.capacity:
            self.seated.add(self.waiting.pop(0))

    @rule(who=people)
    def book(self, who: int) -> None:
        if who in self.left:
            return
        book_seat(self.session, self.persons[who], by=self.persons[who], notify=False)
        if who in self.seated or who in self.waiting:
            return
        if len(self.seated) + len(self.waiting) < self.capacity:
            self.seated.add(who)
        else:
            self.waiting.append(who)

    @rule(who=people)
    def give_back(self, who: int) -> None:
        place = Enrolment.objects.filter(session=self.session, person=self.persons[who]).first()
        if place is None or who in self.left:
            return
        cancel_seat(place, by=self.persons[who], notify=False)
        self.seated.discard(who)
        if who in self.waiting:
            self.waiting.remove(who)
        self._fill()

    @rule(capacity=st.integers(min_value=1, max_value=4))
    def change_seats(self, capacity: int) -> None:
        if capacity < len(self.seated):
            with pytest.raises(FewerSeatsThanPeople):
                reschedule_session(self.session, by=self.trainer, notify=False, capacity=capacity)
            return
        reschedule_session(self.session, by=self.trainer, notify=False, capacity=capacity)
        self.capacity = capacity
        self._fill()

    @precondition(lambda self: len(self.left) < 2)
    @rule(who=people)
    def leave_the_network(self, who: int) -> None:
        Person.objects.filter(pk=self.persons[who].pk).update(is_active=False)
        free_seats()
        self.persons[who].is_active = False
        self.left.add(who)
        self.seated.discard(who)
        if who in self.waiting:
            self.waiting.remove(who)
        self._fill()

    @invariant()
    def records_say_the_same(self) -> None:
        number = {person.pk: place for place, person in enumerate(self.persons)}
        places = self.session.enrolments.order_by("place_in_line")
        seated = {number[place.person_id] for place in places if place.state == SEATED}
        waiting = [number[place.person_id] for place in places if place.state == WAITLISTED]
        assert (seated, waiting) == (self.seated, self.waiting)
        assert len(seated) <= Session.objects.get(pk=self.session.pk).capacity

    @invariant()
    def nobody_waits_beside_a_free_seat(self) -> None:
        assert not self.waiting or len(self.seated) == self.capacity

    @invariant()
    def one_record_a_person(self) -> None:
        people = list(self.session.enrolments.values_list("person", flat=True))
        assert len(people) == len(set(people))


@pytest.mark.django_db
def test_any_order_of_bookings_keeps_the_line():
    quick = settings(max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Booking, settings=quick)


@pytest.mark.parametrize(
    ("capacity", "seated", "waiting", "is_free"),
    [(1, 0, 0, True), (1, 1, 0, False), (2, 1, 0, True), (2, 1, 1, False), (3, 1, 1, True), (2, 2, 3, False)],
)
def test_free_seat_is_one_nobody_waits_for(make_session, capacity, seated, waiting, is_free):
    session = make_session(capacity=capacity)
    EnrolmentFactory.create_batch(seated, session=session)
    EnrolmentFactory.create_batch(waiting, session=session, state=WAITLISTED)
    EnrolmentFactory.create_batch(2, session=session, state=CANCELLED)
    assert has_free_seat(session, session.trainer) is is_free
    assert seats_taken(session) == seated
