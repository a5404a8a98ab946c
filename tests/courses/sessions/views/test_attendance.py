"""The trainer's page with and without JavaScript, and the sheet on paper."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, HourCredit
from courses.sessions.errors.attendance import NotSeated
from courses.sessions.queries import for_lists
from courses.sessions.sheets import sheet_facts
from tests.factories.courses import AttendanceFactory, EnrolmentFactory, SessionFactory
from tests.factories.portal import AssignmentFactory, PersonFactory


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


def test_check_in_and_out_without_javascript_lead_back_to_the_roster(client_of, world, seat):
    client, roster = client_of(world.trainer), url("attendance", seat.session_id)
    for act in ("check-in", "check-in", "check-out", "check-out"):
        response = client.post(url("mark", seat.pk, act))
        assert (response.status_code, response["Location"]) == (302, roster)
    assert Attendance.objects.get().checked_out_at is not None


def test_check_in_with_htmx_answers_the_row_and_the_counts(client_of, world, seat):
    EnrolmentFactory(session=seat.session)
    response = client_of(world.trainer).post(url("mark", seat.pk, "check-in"), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert f'id="row-{seat.pk}"' in response.text
    assert "签退" in response.text
    assert 'id="counts" hx-swap-oob="true"' in response.text
    assert "<html" not in response.text


def test_unknown_act_and_unknown_enrolment_are_not_found(client_of, world, seat):
    client = client_of(world.trainer)
    assert client.post(url("mark", seat.pk, "dance")).status_code == 404
    assert client.post(url("mark", 999_999, "check-in")).status_code == 404
    assert client.get(url("mark", seat.pk, "check-in")).status_code == 405


def test_refused_act_is_said_on_the_page(client_of, world, seat):
    client = client_of(world.trainer)
    assert "尚未签到" in client.post(url("mark", seat.pk, "check-out"), follow=True).text
    swapped = client.post(url("mark", seat.pk, "check-out"), headers={"HX-Request": "true"})
    assert "尚未签到" in swapped.text


def test_session_is_opened_closed_and_opened_again(client_of, world, make_session):
    session = make_session(starts_at=timezone.now() + dt.timedelta(hours=1))
    client = client_of(world.trainer)
    states = []
    for name in ("open_session", "close_session", "open_session"):
        client.post(url(name, session.pk))
        session.refresh_from_db()
        states.append(session.state)
    assert states == [SessionState.OPEN, SessionState.CLOSED, SessionState.OPEN]


def test_everybody_is_checked_out_at_once(client_of, world, seat):
    other = EnrolmentFactory(session=seat.session)
    client = client_of(world.trainer)
    for enrolment in (seat, other):
        client.post(url("mark", enrolment.pk, "check-in"))
    client.post(url("everybody_out", seat.session_id))
    assert Attendance.objects.filter(checked_out_at__isnull=False).count() == 2


def test_walk_in_is_seated_and_checked_in(client_of, world, seat):
    late = PersonFactory(organisation=world.outlet, staff_number="W007")
    client_of(world.trainer).post(url("walk_in", seat.session_id), {"staff_number": " w007 "})
    assert Attendance.objects.get().enrolment.person == late


def test_person_of_another_branch_is_refused_at_the_door(client_of, world, seat):
    client = client_of(world.trainer)
    said = {world.stranger.staff_number: "不在您的范围内", "NOBODY": "没有找到", world.contact.staff_number: "没有找到"}
    for number, sentence in said.items():
        page = client.post(url("walk_in", seat.session_id), {"staff_number": number}, follow=True).text
        assert f"“{number}”" in page
        assert sentence in page
    assert Enrolment.objects.count() == 1


def test_name_of_two_people_offers_both_and_one_tap_chooses(client_of, world, seat):
    first, second = (PersonFactory(organisation=world.outlet, name="李伟", staff_number=f"W10{n}") for n in (1, 2))
    client = client_of(world.trainer)
    page = client.post(url("walk_in", seat.session_id), {"staff_number": "李伟"}).text
    for person in (first, second):
        assert f'name="staff_number" value="{person.staff_number}"' in page
    assert Enrolment.objects.count() == 1
    # The button sends its value after what was typed.
    client.post(url("walk_in", seat.session_id), {"staff_number": ["李伟", second.staff_number]})
    assert Attendance.objects.get().enrolment.person == second


def test_before_the_day_a_person_is_booked_not_checked_in(client_of, world, make_session):
    session = make_session(capacity=1)
    EnrolmentFactory(session=session)
    client_of(world.trainer).post(url("walk_in", session.pk), {"staff_number": world.technician.staff_number})
    assert session.enrolments.get(person=world.technician).state == EnrolmentState.WAITLISTED
    assert not Attendance.objects.exists()


def test_times_from_paper_are_read_in_the_organisations_zone(client_of, world, seat, time_machine):
    session = seat.session
    time_machine.move_to(session.ends_at + dt.timedelta(days=2))
    day = timezone.localdate(session.starts_at).isoformat()
    times = {"enrolment": seat.pk, "came": f"{day}T08:30", "went": f"{day}T17:30"}
    client_of(world.trainer).post(url("paper", session.pk), times)
    attendance = Attendance.objects.get()
    assert (attendance.checked_in_at, attendance.checked_out_at) == (session.starts_at, session.ends_at)
    assert HourCredit.objects.get().minutes == 480


def test_paper_takes_people_of_this_session_only(client_of, world, seat):
    elsewhere = EnrolmentFactory(session=SessionFactory(trainer=world.trainer))
    times = {"enrolment": elsewhere.pk, "came": "2026-03-18T08:30", "went": "2026-03-18T17:30"}
    client_of(world.trainer).post(url("paper", seat.session_id), times)
    assert not Attendance.objects.exists()


# --- paper ---------------------------------------------------------------------------------------------------


def sheet_of(session) -> str:
    loaded = for_lists(type(session).objects.all()).get(pk=session.pk)
    return render_to_string("courses/sessions/print/sign_in_sheet.html", sheet_facts(loaded))


def test_sign_in_sheet_is_a_pdf_nobody_keeps(client_of, world, make_session):
    session = make_session()
    EnrolmentFactory(session=session, person=world.technician)
    response = client_of(world.trainer).get(url("sign_in_sheet", session.pk))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"


def test_sign_in_sheet_names_people_with_post_and_tail_of_the_mobile_only(world, make_session):
    session = make_session()
    person = PersonFactory(name="李晓东", organisation=world.outlet, mobile="13800001234")
    AssignmentFactory(person=person, position__title="技术工程师", start=dt.date(2020, 1, 1))
    EnrolmentFactory(session=session, person=person)
    sheet = sheet_of(session)
    assert "李晓东" in sheet
    assert "技术工程师" in sheet
    assert '<td class="center">1234</td>' in sheet
    assert "13800001234" not in sheet


@pytest.mark.parametrize(("people", "rows"), [(0, 16), (3, 16), (11, 16), (12, 17), (20, 25)])
def test_sign_in_sheet_has_at_least_five_blank_rows(world, make_session, people, rows):
    session = make_session(capacity=30)
    EnrolmentFactory.create_batch(people, session=session)
    facts = sheet_facts(for_lists(type(session).objects.all()).get(pk=session.pk))
    assert len(facts["blank_rows"]) >= 5
    assert (len(facts["roster"]) + len(facts["blank_rows"]), facts["expected"]) == (rows, people)


def test_sign_in_sheet_after_the_session_shows_the_times(world, open_session):
    seat = EnrolmentFactory(session=open_session)
    AttendanceFactory(enrolment=seat, checked_in_at=open_session.starts_at + dt.timedelta(minutes=20))
    sheet = sheet_of(open_session)
    assert "08:50" in sheet
    assert "17:30" in sheet
    assert "迟到 20 分钟" in sheet


def test_refusal_stands_in_its_row_and_gets_the_focus(client_of, world, seat):
    client, address = client_of(world.trainer), url("mark", seat.pk, "check-out")
    swapped = client.post(address, headers={"HX-Request": "true"}).text
    row = swapped[swapped.index(f'id="row-{seat.pk}"') : swapped.index("</li>")]
    assert "尚未签到" in row
    assert "autofocus" in row
    whole = client.post(address)
    assert whole.status_code == 409
    row = whole.text[whole.text.index(f'id="row-{seat.pk}"') :]
    assert "尚未签到" in row[: row.index("</li>")]


def test_seat_given_up_meanwhile_is_said_in_the_row(client_of, world, seat):
    Enrolment.objects.filter(pk=seat.pk).update(state=EnrolmentState.CANCELLED)
    swapped = client_of(world.trainer).post(url("mark", seat.pk, "check-in"), headers={"HX-Request": "true"}).text
    row = swapped[swapped.index(f'id="row-{seat.pk}"') : swapped.index("</li>")]
    assert "autofocus" in row
    assert "<button" not in row


def test_session_that_is_over_offers_paper_instead_of_a_check_in_that_fails(client_of, world, seat, time_machine):
    client, page = client_of(world.trainer), url("attendance", seat.session_id)
    assert url("mark", seat.pk, "check-in") in client.get(page).text
    time_machine.move_to(seat.session.ends_at + dt.timedelta(hours=1))
    html = client.get(page).text
    assert url("mark", seat.pk, "check-in") not in html
    assert 'href="#paper"' in html
    assert "添加并签到" not in html


def test_person_added_after_the_end_is_kept_and_the_page_says_so(client_of, world, seat, time_machine):
    time_machine.move_to(seat.session.ends_at + dt.timedelta(hours=1))
    late = PersonFactory(organisation=world.outlet, staff_number="W007")
    page = client_of(world.trainer).post(url("walk_in", seat.session_id), {"staff_number": "W007"}, follow=True)
    assert page.status_code == 200
    assert "请按签到表补录时间" in page.text
    assert seat.session.enrolments.filter(person=late, state=EnrolmentState.SEATED).exists()


def test_person_who_cannot_be_checked_in_is_not_added_either(client_of, world, seat, monkeypatch):
    late = PersonFactory(organisation=world.outlet, staff_number="W007")

    def refuse(*args, **kwargs):
        raise NotSeated(person=late.name)

    monkeypatch.setattr("courses.sessions.views.attendance.check_in", refuse)
    page = client_of(world.trainer).post(url("walk_in", seat.session_id), {"staff_number": "W007"})
    assert page.status_code == 409
    assert 'value="W007"' in page.text
    assert not Enrolment.objects.filter(person=late).exists()


def test_refused_times_from_paper_stay_in_the_form(client_of, world, seat):
    day = timezone.localdate(seat.session.starts_at).isoformat()
    times = {"enrolment": seat.pk, "came": f"{day}T10:00", "went": f"{day}T08:45"}
    page = client_of(world.trainer).post(url("paper", seat.session_id), times)
    assert page.status_code == 409
    assert page.text.index("autofocus") > page.text.index('id="paper"')
    assert f"{day}T10:00" in page.text
    assert not Attendance.objects.exists()


def test_every_htmx_act_of_the_templates_is_one_that_answers_in_its_row():
    found = [
        (path.name, target)
        for app in ("portal", "kb", "courses", "certification")
        for path in Path(app).rglob("*.html")
        for target in re.findall(r'hx-(?:post|put|patch|delete)="[^"]*"[^>]*hx-target="([^"]*)"', path.read_text())
    ]
    # Photos of a checklist: tests/certification/practicals/test_photos.py.
    photos = [("photos.html", "#photos-{{ item.pk }}"), ("practical.html", "#photos-{{ row.item.pk }}")]
    assert sorted(found) == [*photos, ("roster_row.html", "#row-{{ row.pk }}")]
