"""Attendance of a past session from a table: recorded once, namesakes asked about, taken back by correction."""

import datetime as dt

import pytest
from django.http import Http404
from django.utils import timezone

from courses.models import Attendance, HourCredit
from courses.sessions.imports import kind
from portal.exchange.imports import domain
from portal.registry.imports import Outcome
from tests.courses.sessions.courses import DAY, spans
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(open_session, time_machine):
    """A session that ended an hour ago, check-in still open."""
    time_machine.move_to(open_session.ends_at + dt.timedelta(hours=1), tick=False)
    return open_session


def start(session, text, by):
    return domain.start_import(kind, text.encode(), by=by, options={"session": session.pk})


def outcomes(run):
    return list(run.lines.order_by("number").values_list("outcome", flat=True))


def minutes(person):
    return sum(HourCredit.objects.filter(person=person).values_list("minutes", flat=True))


def test_table_is_recorded_and_the_second_run_changes_nothing(world, past):
    EnrolmentFactory(session=past, person=world.technician)
    walk_in = PersonFactory(organisation=world.outlet, name="没报名的人")
    text = f"工号,签到,签退\n{world.technician.staff_number},08:30,17:30\n{walk_in.staff_number},,16:30\n"
    run = domain.accept_import(start(past, text, world.trainer), by=world.trainer)
    assert minutes(world.technician) == 480
    assert Attendance.objects.get(enrolment__person=walk_in).went == past.ends_at - dt.timedelta(hours=1)
    assert outcomes(start(past, text, world.trainer)) == [Outcome.SAME] * 2
    domain.undo_import(run, by=world.trainer)
    assert minutes(world.technician) == 0
    assert Attendance.objects.count() == 2


def test_other_times_replace_those_on_record_and_are_put_back(world, past):
    EnrolmentFactory(session=past, person=world.technician)
    domain.accept_import(start(past, f"工号\n{world.technician.staff_number}\n", world.trainer), by=world.trainer)
    run = start(past, f"工号,签退\n{world.technician.staff_number},12:30\n", world.trainer)
    assert outcomes(run) == [Outcome.CHANGE]
    run = domain.accept_import(run, by=world.trainer)
    assert minutes(world.technician) < 480
    domain.undo_import(run, by=world.trainer)
    assert minutes(world.technician) == 480


def test_namesakes_are_asked_about(world, past):
    _first, second = (PersonFactory(organisation=world.outlet, name="张伟") for _number in range(2))
    run = start(past, "姓名\n张伟\n", world.trainer)
    assert outcomes(run) == [Outcome.ASK]
    run = domain.answer_rows(run, {2: second.staff_number}, by=world.trainer)
    domain.accept_import(run, by=world.trainer)
    assert Attendance.objects.get().enrolment.person == second


def test_what_cannot_be_is_refused_by_column(world, past):
    rows = [
        f"{world.trainer.staff_number},,",
        "没有这个人,,",
        f"{world.technician.staff_number},早上,",
        "乙,09:00,08:00",
    ]
    PersonFactory(organisation=world.outlet, name="乙")
    run = start(past, "工号,签到,签退\n" + "\n".join(rows) + "\n", world.manager)
    problems = {line.number: [column for column, _said in line.problems] for line in run.lines.all() if line.problems}
    assert problems == {2: ["person"], 3: ["person"], 4: ["came"], 5: ["went"]}


def test_session_that_is_not_open_takes_nothing(world, past):
    past.state = "closed"
    past.save()
    assert outcomes(start(past, f"工号\n{world.technician.staff_number}\n", world.trainer)) == [Outcome.REFUSE]


def test_sessions_of_others_are_not_there(world, past):
    for person in (world.other_manager, world.technician, world.auditor):
        with pytest.raises(Http404):
            kind.options(person, {"session": str(past.pk)})


def test_rows_of_a_course_say_which_meeting(world, make_session, time_machine):
    begins = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    course = make_session(meetings=spans(begins), break_minutes=0, state="open", capacity=1)
    time_machine.move_to(begins + 3 * DAY, tick=False)
    number = world.technician.staff_number
    text = f"工号,签到,签退,课次\n{number},,,1\n{number},08:00,10:00,3/3\n"
    domain.accept_import(start(course, text, world.trainer), by=world.trainer)
    assert minutes(world.technician) == 160 + 160 * 2 // 3
    assert outcomes(start(course, text, world.trainer)) == [Outcome.SAME] * 2
    run = start(course, f"工号,课次\n{number},\n{number},4\n{number},二\n", world.trainer)
    assert outcomes(run) == [Outcome.REFUSE] * 3
    twice = start(course, f"工号,课次\n{number},2\n{number},2\n", world.trainer)
    assert outcomes(twice) == [Outcome.ADD, Outcome.REFUSE]
