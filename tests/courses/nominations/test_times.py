"""Times of named people from the signed sheet, their hours, and who they turn out to be."""

import datetime as dt

import pytest
import time_machine

from courses.models import Attendance, HourCredit, Nominee, NomineeMatch, NomineeTimes
from courses.nominations import errors
from courses.nominations.times import match_nominee, record_times
from courses.sessions.attendance.domain import record_from_paper
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.errors.attendance import ImpossibleTime, OwnAttendance, PresentElsewhere
from courses.sessions.errors.seats import NotHeldForYou
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.sheets import sheet_facts
from tests.courses.conftest import NOON
from tests.courses.sessions.courses import spans
from tests.factories.courses import EnrolmentFactory, NomineeFactory, TrainingRequestFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2026, 3, 18, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(EVENING, tick=False):
        yield


@pytest.fixture
def held(world, make_session):
    """A session of this day at the customer's, its check-in open, with two people named."""
    start = NOON - dt.timedelta(hours=3, minutes=30)
    session = make_session(organisation=world.customer, audience="customers", starts_at=start, state="open")
    request = TrainingRequestFactory(organisation=world.customer, session=session, state="planned")
    NomineeFactory(request=request, number=1, name="田小军")
    NomineeFactory(request=request, number=2, name="吴桂芳")
    return session


def nominee(name="田小军"):
    return Nominee.objects.get(name=name)


def whole(session):
    return session.starts_at, session.ends_at


def test_hours_follow_the_rule_of_everybody(world, held):
    times = {nominee().pk: whole(held), nominee("吴桂芳").pk: (held.starts_at, held.starts_at + dt.timedelta(hours=3))}
    record_times(held, times, by=world.trainer)
    minutes = {name: [c.minutes for c in nominee(name).presence.credits.all()] for name in ("田小军", "吴桂芳")}
    assert minutes == {"田小军": [480], "吴桂芳": [160]}


def test_the_same_sheet_entered_twice_writes_once(world, held):
    times = {nominee().pk: whole(held)}
    assert len(record_times(held, times, by=world.trainer)) == 1
    assert record_times(held, times, by=world.trainer) == []


def test_other_times_need_a_reason_and_leave_the_old_ones(world, held):
    pk = nominee().pk
    record_times(held, {pk: whole(held)}, by=world.trainer)
    shorter = held.starts_at, held.starts_at + dt.timedelta(hours=1)
    with pytest.raises(errors.ReasonForCorrection, match="08:30"):
        record_times(held, {pk: shorter}, by=world.trainer)
    record_times(held, {pk: shorter}, by=world.trainer, reason="看错了行")
    assert NomineeTimes.objects.filter(nominee=pk).count() == 2
    assert nominee().presence.went_at == shorter[1]
    record_times(held, {pk: None}, by=world.trainer, reason="本人未到，他人代签")
    assert nominee().presence is None


def test_one_impossible_time_keeps_everybody_out(world, held):
    late = held.starts_at, EVENING + dt.timedelta(hours=3)
    with pytest.raises(ImpossibleTime):
        record_times(held, {nominee().pk: whole(held), nominee("吴桂芳").pk: late}, by=world.trainer)
    assert not NomineeTimes.objects.exists()


def test_people_of_another_list_and_closed_sessions_are_refused(world, held):
    with pytest.raises(errors.NotOfTheSession):
        record_times(held, {NomineeFactory().pk: whole(held)}, by=world.trainer)
    held.state = "closed"
    held.save()
    with pytest.raises(WrongState):
        record_times(held, {nominee().pk: whole(held)}, by=world.trainer)


@pytest.mark.parametrize("who", ["technician", "contact", "auditor", "other_manager"])
def test_who_does_not_run_the_session_records_nothing(world, held, who):
    with pytest.raises(NotYourSession):
        record_times(held, {nominee().pk: whole(held)}, by=getattr(world, who))
    with pytest.raises(NotYourSession):
        match_nominee(nominee(), world.contact, by=getattr(world, who))


def test_matched_person_gets_the_hours_and_the_record_stays(world, held):
    record_times(held, {nominee().pk: whole(held)}, by=world.trainer)
    before = list(NomineeTimes.objects.values())
    person = PersonFactory(organisation=world.customer)
    match_nominee(nominee(), person, by=world.trainer)
    credit = HourCredit.objects.get(person=person)
    assert (credit.minutes, credit.module) == (480, world.module)
    assert list(NomineeTimes.objects.values()) == before
    assert nominee().matched_to == person


def test_who_has_attendance_of_their_own_is_not_credited_twice(world, held):
    record_times(held, {nominee().pk: whole(held), nominee("吴桂芳").pk: whole(held)}, by=world.trainer)
    person = PersonFactory(organisation=world.customer)
    match_nominee(nominee(), person, by=world.trainer)
    with pytest.raises(errors.MatchedAlready):
        match_nominee(nominee("吴桂芳"), person, by=world.trainer)
    with pytest.raises(errors.MatchedAlready):
        match_nominee(nominee(), world.contact, by=world.trainer)
    assert Attendance.objects.count() == 1


def test_nobody_gives_themselves_hours(world, held):
    record_times(held, {nominee().pk: whole(held)}, by=world.trainer)
    with pytest.raises(OwnAttendance):
        match_nominee(nominee(), world.trainer, by=world.trainer)


def test_people_of_another_firm_are_not_the_named_ones(world, held):
    with pytest.raises(NotHeldForYou):
        match_nominee(nominee(), world.technician, by=world.trainer)
    assert nominee().matched_to is None


def test_nobody_was_in_two_places(world, held, make_session):
    record_times(held, {nominee().pk: whole(held)}, by=world.trainer)
    teacher = PersonFactory(organisation=world.customer)
    make_session(starts_at=held.starts_at, state="closed", trainer=teacher, organisation=world.west)
    with pytest.raises(PresentElsewhere):
        match_nominee(nominee(), teacher, by=world.trainer)
    assert nominee().matched_to is None


def test_sign_in_sheet_has_a_row_for_each_named_person(world, held):
    facts = sheet_facts(held)
    assert [(number, row.name) for number, row in facts["named"]] == [(1, "田小军"), (2, "吴桂芳")]
    assert facts["blank_rows"][0] == 3
    assert facts["expected"] == 2


def test_times_of_who_is_matched_already_become_attendance(world, make_session):
    start = NOON - dt.timedelta(days=2, hours=3)
    facts = {"organisation": world.customer, "audience": "customers", "state": "open"}
    course = make_session(meetings=spans(start), break_minutes=0, **facts)
    NomineeFactory(request=TrainingRequestFactory(organisation=world.customer, session=course, state="planned"))
    named, meetings = Nominee.objects.get(), list(course.meetings.all())
    person = PersonFactory(organisation=world.customer)
    for meeting in meetings:
        record_times(course, {named.pk: whole(meeting)}, by=world.trainer, meeting=meeting)
        if meeting == meetings[0]:
            match_nominee(named, person, by=world.trainer)
    assert minutes_credited(person, world.module) == 480
    second = {"by": world.trainer, "meeting": meetings[1], "reason": "看错了行"}
    record_times(course, {named.pk: (meetings[1].starts_at, meetings[1].starts_at + dt.timedelta(hours=1))}, **second)
    assert minutes_credited(person, world.module) == 320 + 160 // 3
    record_times(course, {named.pk: None}, **second)
    assert minutes_credited(person, world.module) == 320
    record_times(course, {named.pk: whole(meetings[1])}, **second)
    assert minutes_credited(person, world.module) == 480
    assert Attendance.objects.filter(enrolment__person=person).count() == 3


def test_what_the_matched_person_has_of_their_own_stands(world, held):
    person = PersonFactory(organisation=world.customer)
    match_nominee(nominee(), person, by=world.trainer)
    seat = EnrolmentFactory(session=held, person=person)
    came = held.starts_at + dt.timedelta(hours=4)
    record_from_paper(seat, by=world.trainer, came=came, went=held.ends_at)
    before = minutes_credited(person, world.module)
    record_times(held, {nominee().pk: whole(held)}, by=world.trainer)
    assert minutes_credited(person, world.module) == before


def test_nobody_enters_times_of_themselves_as_a_named_person(world, held):
    NomineeMatch.objects.create(nominee=nominee(), person=world.trainer, matched_by=world.manager)
    with pytest.raises(OwnAttendance):
        record_times(held, {nominee().pk: whole(held)}, by=world.trainer)
    assert not NomineeTimes.objects.exists()
