"""The page that corrects one person's attendance, and what the roster says of corrections."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import SessionState
from courses.models import Attendance, AttendanceCorrection, Session
from courses.sessions.attendance.corrections import strike_attendance
from courses.sessions.attendance.domain import attendance_of, check_in, check_out, record_from_paper
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.scheduling.domain import close_session
from tests.factories.courses import EnrolmentFactory

HOUR = dt.timedelta(hours=1)


def address(enrolment) -> str:
    return reverse("courses:correct", args=[enrolment.pk])


def roster(enrolment) -> str:
    return reverse("courses:attendance", args=[enrolment.session_id])


def written(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def typed(left):
    """What a trainer types: the whole day, and why."""
    return {
        "came": written(left.session.starts_at),
        "went": written(left.session.ends_at),
        "reason": "签到表上是 17:30",
    }


def test_page_shows_what_is_on_record_and_asks_for_the_right_times(client_of, world, left):
    page = client_of(world.trainer).get(address(left)).text
    assert "更正 小林 的考勤" in page
    assert "08:30–16:30" in page
    assert f'value="{written(left.session.ends_at - HOUR)}"' in page


def test_corrected_times_lead_back_to_the_roster_and_are_told(client_of, world, left, typed):
    response = client_of(world.trainer).post(address(left), typed, follow=True)
    assert response.redirect_chain == [(roster(left), 302)]
    assert "小林 的考勤已更正" in response.text
    assert "08:30–17:30" in response.text
    assert minutes_credited(world.technician, world.module) == 480


def test_roster_shows_the_trace_with_who_and_why(client_of, world, left, typed):
    client_of(world.manager).post(address(left), typed)
    page = client_of(world.auditor).get(roster(left)).text
    assert "已更正" in page
    assert "签到表上是 17:30" in page
    assert "西区经理" in page
    assert "08:30–16:30" in page


def test_person_who_was_not_there_is_shown_as_absent_with_the_way_back(client_of, world, left):
    facts = {"was_absent": "on", "reason": "签错了人"}
    page = client_of(world.trainer).post(address(left), facts, follow=True).text
    assert attendance_of(left).is_void
    assert "签错了人" in page
    assert "尚未到场" in page or "未到" in page
    assert reverse("courses:mark", args=[left.pk, "check-in"]) not in page
    assert address(left) in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "aria-invalid"),
        ({"came": ""}, "请填写到场时间"),
        ({"came": "昨天"}, "不是有效的时间"),
        ({"went": ""}, "请填写离场时间"),
        ({"went": "2020-01-01T08:00"}, "不成立"),
        ({"came": "2099-01-01T08:00"}, "不成立"),
        ({"reason": "x" * 301}, "aria-invalid"),
    ],
)
def test_refused_correction_keeps_what_was_typed(client_of, world, left, typed, changes, said):
    response = client_of(world.trainer).post(address(left), typed | changes)
    assert response.status_code == 422
    assert said in response.text
    assert not AttendanceCorrection.objects.exists()
    if "reason" not in changes:
        assert "签到表上是 17:30" in response.text


def test_same_times_are_told_to_be_the_same(client_of, world, left, typed):
    response = client_of(world.trainer).post(address(left), typed | {"went": written(left.session.ends_at - HOUR)})
    assert (response.status_code, "与现有记录相同" in response.text) == (422, True)


def test_closed_session_says_to_open_it_again_first(client_of, world, left, typed):
    close_session(left.session, by=world.trainer)
    page = client_of(world.trainer).get(address(left)).text
    assert "请先重新打开该场次" in page
    assert 'name="reason"' not in page
    assert client_of(world.trainer).post(address(left), typed).status_code == 422


def test_session_closed_for_good_says_so(client_of, world, left, time_machine):
    close_session(left.session, by=world.trainer)
    time_machine.shift(dt.timedelta(days=31))
    assert "关闭已超过 30 天" in client_of(world.trainer).get(address(left)).text
    page = client_of(world.trainer).post(reverse("courses:open_session", args=[left.session_id]), follow=True)
    assert "关闭已超过 30 天" in page.text
    left.session.refresh_from_db()
    assert left.session.state == SessionState.CLOSED


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["technician", "stranger", "other_manager", "auditor", "contact"])
def test_nobody_else_finds_the_page(client_of, world, left, typed, who, method):
    assert getattr(client_of(getattr(world, who)), method)(address(left), typed).status_code == 404
    assert not AttendanceCorrection.objects.exists()


def test_stranger_is_asked_to_sign_in(client_of, left):
    assert client_of().get(address(left))["Location"].startswith("/accounts/login/")


def test_own_attendance_is_not_offered_to_correct(client_of, world, seat):
    mine = EnrolmentFactory(session=seat.session, person=world.manager)
    check_in(mine, by=world.trainer)
    assert client_of(world.manager).get(address(mine)).status_code == 403


def test_nothing_on_record_has_no_page(client_of, world, seat):
    assert client_of(world.trainer).get(address(seat)).status_code == 404


def test_roster_offers_the_correction_only_after_check_out(client_of, world, seat, time_machine):
    client = client_of(world.trainer)
    assert address(seat) not in client.get(roster(seat)).text
    check_in(seat, by=world.trainer)
    assert address(seat) not in client.get(roster(seat)).text
    time_machine.shift(HOUR)
    check_out(seat, by=world.trainer)
    assert address(seat) in client.get(roster(seat)).text
    assert address(seat) not in client_of(world.auditor).get(roster(seat)).text


def test_my_training_shows_the_corrected_hours(client_of, world, left, typed):
    client_of(world.trainer).post(address(left), typed)
    page = client_of(world.technician).get(reverse("courses:my")).text
    assert "8 小时" in page
    strike_attendance(left, by=world.trainer, reason="签错了人")
    Session.objects.update(state=SessionState.CLOSED)
    page = client_of(world.technician).get(reverse("courses:my")).text
    assert "缺席" in page or "缺勤" in page


# --- the sheet's form -------------------------------------------------------------------------------------------


def paper(enrolment, came, went, **facts) -> dict:
    return {"enrolment": enrolment.pk, "came": written(came), "went": written(went)} | facts


def test_form_of_the_sheet_names_the_times_on_record(client_of, world, left):
    assert f"{world.technician} · 08:30–16:30" in client_of(world.trainer).get(roster(left)).text


def test_sheet_entered_on_the_page_replaces_with_a_trace(client_of, world, left):
    facts = paper(left, left.session.starts_at, left.session.ends_at, reason="第 3 行")
    page = client_of(world.trainer).post(reverse("courses:paper", args=[left.session_id]), facts, follow=True).text
    assert "08:30–17:30" in page
    assert AttendanceCorrection.objects.get().reason == "第 3 行"


def test_button_pressed_after_the_sheet_says_what_is_on_record(client_of, world, seat, time_machine):
    start, end = seat.session.starts_at, seat.session.ends_at
    time_machine.move_to(end + HOUR, tick=False)
    record_from_paper(seat, by=world.trainer, came=start, went=end)
    page = client_of(world.trainer).post(reverse("courses:mark", args=[seat.pk, "check-in"]), follow=True).text
    assert "08:30–17:30" in page
    assert "签到表" in page
    assert Attendance.objects.get().checked_in_at == start


@pytest.mark.parametrize("count", [1, 3])
def test_roster_with_corrections_takes_the_same_queries(
    client_of, world, open_session, time_machine, django_assert_num_queries, count
):
    time_machine.move_to(open_session.starts_at, tick=False)
    seats = EnrolmentFactory.create_batch(count, session=open_session)
    time_machine.move_to(open_session.ends_at + HOUR, tick=False)
    for enrolment in seats:
        for went in (open_session.ends_at - HOUR, open_session.ends_at):
            record_from_paper(enrolment, by=world.trainer, came=open_session.starts_at, went=went)
    client = client_of(world.trainer)
    client.get(roster(seats[0]))
    with django_assert_num_queries(25):
        assert client.get(roster(seats[0])).status_code == 200
