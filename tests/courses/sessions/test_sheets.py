"""The sign-in sheet: who is on it, in which order, with room for signatures and apart from them the times recorded."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string

from courses.enums import EnrolmentState
from courses.sessions.queries import for_lists, roster_of, waitlist_of
from courses.sessions.sheets import BLANK_ROWS, LEAST_ROWS, sheet_facts
from portal.models import PortalSettings
from tests.factories.courses import AttendanceCorrectionFactory, AttendanceFactory, EnrolmentFactory
from tests.factories.portal import AssignmentFactory, PersonFactory

HOUR = dt.timedelta(hours=1)


def facts_of(session) -> dict:
    return sheet_facts(for_lists(type(session).objects.all()).get(pk=session.pk))


def sheet(session) -> str:
    return render_to_string("courses/sessions/print/sign_in_sheet.html", facts_of(session))


def test_sheet_is_in_the_order_of_booking(make_session):
    session = make_session()
    places = [EnrolmentFactory(session=session, place_in_line=number) for number in (3, 1, 2)]
    names = [row.person.name for _number, row, _position in facts_of(session)["roster"]]
    assert names == [places[1].person.name, places[2].person.name, places[0].person.name]


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_only_who_has_a_seat_is_on_it(make_session, state):
    session = make_session()
    EnrolmentFactory(session=session, state=state, person=PersonFactory(name="欧阳某某"))
    assert ("欧阳某某" in sheet(session)) is (state == EnrolmentState.SEATED)


@pytest.mark.parametrize("people", [0, 1, 11, 12, 40])
def test_rows_for_people_who_come_without_booking(make_session, people):
    session = make_session(capacity=60)
    EnrolmentFactory.create_batch(people, session=session)
    facts = facts_of(session)
    assert len(facts["blank_rows"]) >= BLANK_ROWS
    assert people + len(facts["blank_rows"]) >= LEAST_ROWS
    numbers = [number for number, _row, _position in facts["roster"]] + list(facts["blank_rows"])
    assert numbers == list(range(1, len(numbers) + 1))


def test_cells_for_times_and_signature_stay_empty_whenever_it_is_printed(open_session):
    EnrolmentFactory(session=open_session)
    before = sheet(open_session)
    AttendanceFactory(enrolment=open_session.enrolments.get())
    after = sheet(open_session)

    assert "本人签名" in before
    for page in (before, after):
        rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[-1], re.DOTALL)
        cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
        assert [row[5:8] for row in cells] == [["", "", ""]] * LEAST_ROWS
    assert ["系统记录" in page for page in (before, after)] == [False, True]


def test_times_recorded_stand_apart_and_are_those_that_hold(open_session):
    attendance = AttendanceFactory(enrolment__session=open_session)
    assert "系统记录 08:30–" in sheet(open_session)
    AttendanceCorrectionFactory(
        attendance=attendance, came_at=open_session.starts_at + HOUR, went_at=open_session.ends_at - HOUR
    )
    assert "系统记录 09:30–16:30" in sheet(open_session)


def test_who_was_struck_has_no_times_and_did_not_come(open_session):
    attendance = AttendanceFactory(enrolment__session=open_session)
    AttendanceCorrectionFactory(attendance=attendance, is_void=True)
    assert facts_of(open_session)["came"] == 0
    assert "系统记录" not in sheet(open_session)


def test_who_is_still_there_has_no_time_of_leaving(open_session):
    AttendanceFactory(enrolment__session=open_session, checked_out_at=None, checked_out_by=None, checked_out_from=None)
    assert "系统记录 08:30–</span>" in sheet(open_session)


def test_posts_are_those_of_the_day_of_the_session(make_session):
    session = make_session()
    person = PersonFactory(organisation=session.organisation)
    day = session.starts_at.date()
    old = AssignmentFactory(person=person, position__title="旧岗位", start=day - dt.timedelta(days=90))
    AssignmentFactory(person=person, position__title="新岗位", start=day - dt.timedelta(days=1))
    old.end = day - dt.timedelta(days=2)
    old.save()
    EnrolmentFactory(session=session, person=person)
    ((_number, _row, position),) = facts_of(session)["roster"]
    assert position == "新岗位"


def test_address_and_number_are_on_it(make_session):
    session = make_session()
    settings = PortalSettings.load()
    settings.sign_in_sheet_form = "QR-7"
    settings.save()
    facts = facts_of(session)
    assert facts["address"].endswith(session.get_absolute_url())
    assert facts["form_number"] == "QR-7"
    assert facts["qr"].startswith("data:image/svg+xml")


def test_waitlist_is_in_order(make_session):
    session = make_session()
    waiting = [
        EnrolmentFactory(session=session, state=EnrolmentState.WAITLISTED, place_in_line=number) for number in (5, 2, 9)
    ]
    assert list(waitlist_of(session)) == [waiting[1], waiting[0], waiting[2]]
    assert roster_of(session) == []


def test_roster_is_loaded_in_few_queries(open_session, django_assert_num_queries):
    for _ in range(3):
        AttendanceCorrectionFactory(attendance=AttendanceFactory(enrolment__session=open_session), number=1)
    with django_assert_num_queries(6):
        for row in roster_of(open_session):
            assert row.present.came
            assert row.present.credited == []
            assert row.person.place_names
