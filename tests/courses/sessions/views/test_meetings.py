"""The form of a session with several meetings: add, repeat, take out, copy, refuse what is stale; booking twice."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import DayKind, Policy
from courses.models import ClashPolicy, Enrolment, Session, SpecialDay
from courses.sessions.errors.seats import LearnerBusy
from courses.sessions.scheduling.domain import reschedule_session
from courses.sessions.seats.domain import book_seat, seat_walk_in
from tests.courses.sessions.courses import DAY, HOUR, plans_of, spans
from tests.factories.courses import EnrolmentFactory, TrainerFactory

NEW = reverse("courses:session_new")


@pytest.fixture
def start():
    """Half past eight in a week."""
    return (timezone.now() + 7 * DAY).replace(hour=0, minute=30, second=0, microsecond=0)


def typed(moment):
    """Return a moment, or what a field shows of one, as it is typed."""
    if isinstance(moment, str):
        return moment
    moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return moment.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def form(world, start):
    """What is typed for a day of class."""
    return {
        "modules": [world.module.pk],
        "trainer": world.trainer.pk,
        "organisation": world.west.pk,
        "starts_at": typed(start),
        "ends_at": typed(start + 9 * HOUR),
        "break_minutes": 60,
        "place": "一号教室",
        "capacity": 12,
        "kind": "class",
        "more-TOTAL_FORMS": 0,
        "more-INITIAL_FORMS": 0,
    }


def row(number, starts, *, hours=3, place="二号教室", **more):
    facts = {"starts_at": typed(starts), "ends_at": typed(starts + hours * HOUR), "break_minutes": 0, "place": place}
    return {f"more-{number}-{name}": value for name, value in (facts | more).items()}


def rows_of(response):
    return [(typed(row["starts_at"].value()), row["place"].value()) for row in response.context["form"].more]


def test_without_further_meetings_it_is_a_session_as_ever(client_of, world, form):
    client_of(world.trainer).post(NEW, form)
    assert Session.objects.get().meeting_count == 1


def test_further_meetings_are_saved_in_order_of_time(client_of, world, form, start):
    more = row(0, start + 3 * DAY) | row(1, start + DAY, place="三号教室") | {"more-TOTAL_FORMS": 2}
    client_of(world.trainer).post(NEW, form | more)
    session = Session.objects.get()
    assert [(one.number, one.place, one.starts_at - start) for one in session.meetings.all()] == [
        (1, "一号教室", 0 * DAY),
        (2, "三号教室", DAY),
        (3, "二号教室", 3 * DAY),
    ]


@pytest.mark.parametrize("odd", ["ends_at", "starts_at", "place"])
def test_a_wrong_row_is_refused_at_its_field(client_of, world, form, start, odd):
    wrong = {"ends_at": typed(start + DAY), "starts_at": "", "place": ""}[odd]
    more = row(0, start + DAY) | {f"more-0-{odd}": wrong, "more-TOTAL_FORMS": 1}
    answer = client_of(world.trainer).post(NEW, form | more)
    assert answer.status_code == 422
    assert list(answer.context["form"].more.errors[0]) == [odd]
    assert not Session.objects.exists()


def test_meetings_that_overlap_are_refused_and_what_was_typed_stays(client_of, world, form, start):
    answer = client_of(world.trainer).post(NEW, form | row(0, start + HOUR) | {"more-TOTAL_FORMS": 1})
    assert answer.status_code in (409, 422)
    assert "时间重叠" in answer.text
    assert rows_of(answer) == [(typed(start + HOUR), "二号教室")]
    assert not Session.objects.exists()


def test_adding_a_meeting_saves_nothing_and_offers_the_next_day(client_of, world, form, start):
    client = client_of(world.trainer)
    answer = client.post(NEW, form | {"act": "add"})
    assert (answer.status_code, Session.objects.count()) == (200, 0)
    assert rows_of(answer) == [(typed(start + DAY), "一号教室")]
    again = client.post(NEW, form | row(0, start + 4 * DAY) | {"more-TOTAL_FORMS": 1, "act": "add"})
    assert rows_of(again)[1] == (typed(start + 5 * DAY), "二号教室")


def test_repeating_skips_holidays_and_is_looked_through_before_it_is_saved(client_of, world, form, start):
    client = client_of(world.trainer)
    SpecialDay.objects.create(day=timezone.localdate(start + 7 * DAY), kind=DayKind.HOLIDAY, name="国庆节")
    weekday = timezone.localdate(start).weekday()
    rule = {"act": "repeat", "repeat-weekdays": [weekday], "repeat-count": 2}
    answer = client.post(NEW, form | rule)
    assert rows_of(answer) == [(typed(start + days * DAY), "一号教室") for days in (14, 21)]
    assert not Session.objects.exists()
    more = row(0, start + 14 * DAY) | row(1, start + 21 * DAY) | {"more-TOTAL_FORMS": 2}
    client.post(NEW, form | more)
    assert Session.objects.get().meeting_count == 3


@pytest.mark.parametrize("rule", [{}, {"repeat-count": 0, "repeat-weekdays": [1]}, {"repeat-count": 99999}])
def test_a_rule_that_is_none_adds_nothing(client_of, world, form, rule):
    answer = client_of(world.trainer).post(NEW, form | rule | {"act": "repeat"})
    assert rows_of(answer) == []
    assert answer.context["repeat"].errors


@pytest.mark.parametrize("count", ["x", "-1", "9" * 400, "1000000"])
def test_hostile_numbers_of_rows_are_no_error(client_of, world, form, count):
    for act in ({}, {"act": "add"}):
        assert client_of(world.trainer).post(NEW, form | act | {"more-TOTAL_FORMS": count}).status_code < 500


# --- change ----------------------------------------------------------------------------------------------


@pytest.fixture
def course(make_session, start):
    """Three meetings of four hours."""
    return make_session(meetings=spans(start, hours=4), break_minutes=0)


@pytest.fixture
def edit(client_of, world, course):
    """Return a function sending the form of the course as it is opened, told what differs."""
    client, address = client_of(world.trainer), reverse("courses:session_edit", args=[course.pk])

    def opened():
        page = client.get(address).context["form"]
        data = {name: page[name].value() for name in page.fields if page[name].value() not in (None, "")}
        data |= {name: typed(data[name]) for name in ("starts_at", "ends_at")}
        data |= {"more-TOTAL_FORMS": len(page.more.forms), "more-INITIAL_FORMS": len(page.more.forms)}
        for number, one in enumerate(page.more):
            facts = {name: one[name].value() for name in ("key", "starts_at", "ends_at", "break_minutes", "place")}
            facts |= {name: typed(facts[name]) for name in ("starts_at", "ends_at")}
            data |= {f"more-{number}-{name}": value for name, value in facts.items()}
        return data

    def send(data=None, **changes):
        return client.post(address, (data or opened()) | changes)

    send.opened = opened
    return send


def test_the_form_opens_on_the_first_meeting_and_saves_the_same(edit, course):
    before = plans_of(course)
    assert edit().status_code == 302
    course.refresh_from_db()
    assert (course.sequence, plans_of(course)) == (0, before)


def test_a_meeting_is_taken_out(edit, course, start):
    edit(**{"more-0-DELETE": "on"})
    course.refresh_from_db()
    assert [one.starts_at for one in course.meetings.all()] == [start, start + 2 * DAY]


def test_the_first_meeting_is_taken_out_but_not_the_last_one_left(edit, course, start):
    assert edit(**{"drop_first": "on", "more-0-DELETE": "on", "more-1-DELETE": "on"}).status_code == 422
    edit(drop_first="on")
    course.refresh_from_db()
    assert (course.starts_at, course.meeting_count) == (start + DAY, 2)


def test_a_post_that_knows_nothing_of_meetings_keeps_them(edit, course):
    data = {name: value for name, value in edit.opened().items() if not name.startswith("more-")}
    edit(data, note="带工具")
    course.refresh_from_db()
    assert (course.note, course.meeting_count) == ("带工具", 3)


def test_a_stale_save_is_refused_and_shows_both(edit, course, world):
    data = edit.opened()
    plans = plans_of(course)
    reschedule_session(course, by=world.manager, meetings=[*plans[:2], plans[2].moved(DAY, key=plans[2].key)])
    answer = edit(data, **{"more-0-place": "三号教室"})
    assert answer.status_code == 409
    assert "三号教室" in "".join(one.mine for one in answer.context["stale"])
    assert course.meetings.filter(place="三号教室").count() == 0


def test_copy_begins_on_the_day_asked_for(client_of, world, course, start):
    client = client_of(world.trainer)
    day = timezone.localdate(start) + 28 * DAY
    page = client.get(NEW, {"copy": course.pk, "day": day.isoformat()})
    first = page.context["form"]
    assert typed(first["starts_at"].value()) == typed(start + 28 * DAY)
    assert [typed(one["starts_at"].value()) for one in first.more] == [typed(start + days * DAY) for days in (29, 30)]
    assert first["title"].value() == course.title
    assert "新场次的首日" in page.text


@pytest.mark.parametrize("number", ["x", "0", "9" * 30])
def test_there_is_no_copy_of_what_is_not_there(client_of, world, number):
    assert client_of(world.trainer).get(NEW, {"copy": number}).status_code == 404


def test_a_stranger_cannot_copy(client_of, world, course):
    other = TrainerFactory(organisation=world.east)
    assert client_of(other).get(NEW, {"copy": course.pk}).status_code == 404


# --- a learner in two sessions ---------------------------------------------------------------------------


@pytest.fixture
def busy(world, make_session, course, start):
    """A session at the time of the course's second meeting; the technician has a seat in the course."""
    EnrolmentFactory(session=course, person=world.technician)
    colleague = TrainerFactory(organisation=world.west)
    return make_session(starts_at=start + DAY, trainer=colleague, title="撞期的班")


def rule(policy):
    found = ClashPolicy.load()
    found.trainee = policy
    found.save()


@pytest.mark.parametrize("policy", list(Policy))
def test_a_learner_who_is_busy_is_asked_or_refused(client_of, world, busy, policy):
    rule(policy)
    client, address = client_of(world.technician), reverse("courses:book", args=[busy.pk])
    answer = client.post(address)
    has_seat = Enrolment.objects.filter(session=busy, person=world.technician).exists()
    assert has_seat is (policy == Policy.IGNORE)
    if policy == Policy.WARN:
        (own,) = world.technician.enrolments.all()
        assert own.session.title in answer.context["text"]
        client.post(address, {"confirmed": "1"})
        assert Enrolment.objects.filter(session=busy, person=world.technician).exists()
    if policy == Policy.BLOCK:
        client.post(address, {"confirmed": "1"})
        assert not Enrolment.objects.filter(session=busy, person=world.technician).exists()
        with pytest.raises(LearnerBusy):
            book_seat(busy, world.technician, by=world.technician)


def test_between_meetings_nobody_is_asked(client_of, world, busy, make_session, start):
    rule(Policy.BLOCK)
    free = make_session(starts_at=start + 5 * HOUR, ends_at=start + 14 * HOUR, trainer=busy.trainer)
    client_of(world.technician).post(reverse("courses:book", args=[free.pk]))
    assert Enrolment.objects.filter(session=free, person=world.technician).exists()


def test_who_stands_in_the_room_is_let_in(world, busy, time_machine):
    rule(Policy.BLOCK)
    time_machine.move_to(busy.starts_at + dt.timedelta(minutes=5))
    Session.objects.filter(pk=busy.pk).update(state="open")
    assert seat_walk_in(Session.objects.get(pk=busy.pk), world.technician, by=busy.trainer).is_seated


def test_breaks_that_fill_a_meeting_are_said_at_its_row(client_of, world, form, start):
    rows = row(0, start + DAY) | row(1, start + 2 * DAY, hours=1, break_minutes=60) | {"more-TOTAL_FORMS": 2}
    answer = client_of(world.trainer).post(NEW, form | rows)
    assert answer.status_code == 422
    assert [list(each.errors) for each in answer.context["form"].more] == [[], ["break_minutes"]]
    answer = client_of(world.trainer).post(NEW, form | {"break_minutes": 540})
    assert (answer.status_code, "break_minutes" in answer.context["form"].errors) == (422, True)
    assert not Session.objects.exists()
