"""Hours in a period by whom, in both units; reports made once, kept, and not given out when touched."""

import datetime as dt

import pytest
from django.urls import reverse

from courses.models import Session, TrainingReport
from courses.records import reports
from courses.records.queries import credits_for, hours_by, visible_reports
from portal.exchange.pdf import Printed
from portal.models import Person
from portal.models.audit import AppendOnlyError
from tests.courses.sessions.courses import spans
from tests.factories.courses import (
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    NomineeCreditFactory,
    NomineeFactory,
    NomineeTimesFactory,
    TrainingRequestFactory,
)
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def credits(world, make_session):
    """Two hours of the technician in February, a correction of it, and an hour of somebody in the east."""
    seat = EnrolmentFactory(session=make_session(state="closed"), person=world.technician)
    first = HourCreditFactory(
        attendance=AttendanceFactory(enrolment=seat),
        person=world.technician,
        module=world.module,
        minutes=120,
        earned_on=dt.date(2026, 2, 10),
    )
    HourCreditFactory(
        attendance=first.attendance,
        person=world.technician,
        module=world.module,
        minutes=-30,
        number=1,
        earned_on=dt.date(2026, 2, 10),
        corrects=first,
    )
    seat = EnrolmentFactory(session=make_session(organisation=world.east, state="closed"), person=world.stranger)
    attendance = AttendanceFactory(enrolment=seat)
    HourCreditFactory(
        attendance=attendance, person=world.stranger, module=world.module, minutes=60, earned_on=dt.date(2026, 3, 31)
    )


def test_corrections_are_counted_in_and_only_whom_one_sees(world, credits):
    rows = hours_by("person", credits_for(world.manager, *YEAR), Session.objects.none())
    assert [(row.label, row.minutes) for row in rows] == [("小林", 90)]
    rows = hours_by("unit", credits_for(world.administrator, *YEAR), Session.objects.none())
    assert {row.label: row.minutes for row in rows} == {"西一网点": 90, "东区": 60}


def test_both_days_of_the_period_count(world, credits):
    found = credits_for(world.administrator, dt.date(2026, 2, 11), dt.date(2026, 3, 31))
    assert [row.minutes for row in hours_by("course", found, Session.objects.none())] == [60]


def test_trainer_is_counted_by_what_was_taught(world, make_session):
    session = make_session(state="closed")
    (row,) = hours_by("trainer", credits_for(world.manager, *YEAR), Session.objects.filter(pk=session.pk))
    assert (row.label, row.count) == (world.trainer.name, 1)
    assert row.minutes == sum(part.minutes for part in session.parts.all())


def test_page_and_file_say_hours_and_lessons(world, credits, client_of):
    address = reverse("courses:hours")
    period = {"start": "2026-01-01", "end": "2026-12-31", "by": "person"}
    page = client_of(world.manager).get(address, period).content.decode()
    assert "1 小时 30 分钟" in page
    assert "2 学时" in page
    sheet = client_of(world.manager).get(address, period | {"export": "csv"}).content.decode("utf-8-sig")
    assert "1.5,2.0" in sheet
    assert "东区的人" not in sheet


def test_hours_are_for_trainers_managers_and_auditors(world, client_of):
    for name, status in (("technician", 403), ("contact", 403), ("trainer", 200), ("auditor", 200)):
        assert client_of(getattr(world, name)).get(reverse("courses:hours")).status_code == status


def test_periods_that_are_over():
    assert reports.periods_over(dt.date(2026, 11, 27)) == [
        (dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        (dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    ]
    assert reports.periods_over(dt.date(2026, 1, 1))[0] == (dt.date(2025, 10, 1), dt.date(2025, 12, 31))


def test_report_is_made_once_and_waits_for_corrections(credits, monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))
    assert reports.make_reports(dt.date(2026, 4, 3)) == 0
    assert [reports.make_reports(dt.date(2026, 4, 6)) for _turn in range(2)] == [1, 0]
    report = TrainingReport.objects.get()
    assert (report.starts_on, report.ends_on) == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert report.document.is_personal
    assert reports.content_of(report) == b"%PDF-1.7"


def test_report_does_not_change(credits, monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))
    reports.make_reports(dt.date(2026, 4, 6))
    with pytest.raises(AppendOnlyError):
        TrainingReport.objects.filter(pk=TrainingReport.objects.get().pk).update(digest="0")


def test_touched_file_is_not_given_out_and_others_get_none(credits, world, client_of, monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))
    reports.make_reports(dt.date(2026, 4, 6))
    report = TrainingReport.objects.get()
    address = reverse("courses:report", args=[report.pk])
    assert client_of(world.auditor).get(address).content == b"%PDF-1.7"
    assert client_of(world.manager).get(address).status_code == 403
    with report.document.file.storage.open(report.document.file.name, "wb") as file:
        file.write(b"%PDF-1.8")
    assert client_of(world.auditor).get(address).status_code == 404


@pytest.fixture
def listed(world, make_session):
    """A customer's list for a session of February that is over; nobody of the network was there."""
    start = dt.datetime(2026, 2, 10, 1, 0, tzinfo=dt.UTC)
    facts = {"starts_at": start, "ends_at": start + dt.timedelta(hours=9), "state": "closed"}
    session = make_session(organisation=world.customer, audience="customers", **facts)
    return TrainingRequestFactory(organisation=world.customer, session=session, state="planned")


def there(request, minutes, **facts):
    nominee = NomineeFactory(request=request, **facts)
    start, end = request.session.starts_at, request.session.ends_at
    times = NomineeTimesFactory(nominee=nominee, number=1, came_at=start, went_at=end)
    NomineeCreditFactory(times=times, minutes=minutes)
    return nominee


def corrected(nominee, minutes, **facts):
    start, end = nominee.request.session.starts_at, nominee.request.session.ends_at
    given = {"number": 2, "came_at": start, "went_at": end, "reason": "签到表有误"} | facts
    times = NomineeTimesFactory(nominee=nominee, **given)
    if minutes:
        NomineeCreditFactory(times=times, minutes=minutes)


def test_report_counts_the_times_of_named_people_that_hold(listed, world):
    there(listed, 60, name="来过的")
    corrected(there(listed, 480, name="改过的"), 240)
    corrected(there(listed, 480, name="没来的"), 0, is_void=True)
    there(listed, 480, name="撤回的", withdrawn_at=listed.session.ends_at)
    facts = reports.facts_of(dt.date(2026, 1, 1), dt.date(2026, 3, 31), world.hq)
    assert (facts["named_minutes"], facts["named_people"], facts["people"]) == (300, 2, 0)


def test_a_named_person_in_three_meetings_is_one(world, make_session):
    start = dt.datetime(2026, 2, 10, 1, 0, tzinfo=dt.UTC)
    facts = {"organisation": world.customer, "audience": "customers", "state": "closed"}
    course = make_session(meetings=spans(start), break_minutes=0, **facts)
    nominee = NomineeFactory(request=TrainingRequestFactory(organisation=world.customer, session=course))
    for meeting in course.meetings.all():
        span = {"came_at": meeting.starts_at, "went_at": meeting.ends_at}
        times = NomineeTimesFactory(nominee=nominee, meeting=meeting, number=1, **span)
        NomineeCreditFactory(times=times, minutes=160)
    facts = reports.facts_of(dt.date(2026, 1, 1), dt.date(2026, 3, 31), world.hq)
    assert (facts["named_minutes"], facts["named_people"]) == (480, 1)


def test_period_in_which_only_named_people_came_has_a_report(listed, monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))
    assert reports.make_reports(dt.date(2026, 4, 6)) == 0
    there(listed, 60)
    assert reports.make_reports(dt.date(2026, 4, 6)) == 1


def test_report_is_of_one_network_and_for_nobody_of_another(credits, world, client_of, monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))
    other = OrganisationFactory(name="另一家总部")
    foreign = PersonFactory(organisation=other, roles=["auditor"])
    assert reports.facts_of(*YEAR, other)["minutes"] == 0
    reports.make_reports(dt.date(2026, 4, 6))
    report = TrainingReport.objects.get()
    assert report.organisation == world.hq
    assert client_of(foreign).get(reverse("courses:report", args=[report.pk])).status_code == 404
    assert list(visible_reports(foreign)) == []
    # Read anew: a sorted tree moves the paths of siblings.
    assert list(visible_reports(Person.objects.get(pk=world.auditor.pk))) == [report]


def test_report_over_all_networks_is_for_who_sees_them_all(credits, world, monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))
    document = reports.make_report(*YEAR, world.hq).document
    old = TrainingReport(starts_on=YEAR[0], ends_on=YEAR[1], document=document, digest="0" * 64)
    old.document = reports.keep_personal_file("旧", b"%PDF-1.7", stem="report", ending="pdf", by=None)
    old.save()
    assert old in visible_reports(world.auditor)
    OrganisationFactory(name="另一家总部")
    assert old not in visible_reports(world.auditor)
    assert reports.make_reports(dt.date(2027, 1, 6)) == 0


def test_hours_belong_to_the_unit_of_the_day_they_were_earned(world, credits):
    AssignmentFactory(
        person=world.technician, organisation=world.east, start=dt.date(2026, 1, 1), end=dt.date(2026, 2, 10)
    )
    # Two posts on one day: the hours are counted once, where the later one is.
    AssignmentFactory(person=world.stranger, organisation=world.west, start=dt.date(2026, 1, 1))
    AssignmentFactory(person=world.stranger, organisation=world.outlet, start=dt.date(2026, 3, 1))
    rows = hours_by("unit", credits_for(world.administrator, *YEAR), Session.objects.none())
    assert {(row.label, row.note): (row.count, row.minutes) for row in rows} == {
        ("东区", world.east.code): (1, 90),
        ("西一网点", world.outlet.code): (1, 60),
    }


def test_reports_name_the_unit_of_the_day(world, credits):
    AssignmentFactory(person=world.technician, organisation=world.east, start=dt.date(2026, 2, 11))
    groups = reports.facts_of(*YEAR, world.hq)["groups"]
    assert {row.label: row.minutes for row in groups[0][2]} == {"西一网点": 90, "东区": 60}
