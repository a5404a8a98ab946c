"""Needs become a plan, a manager approves it, and it is compared with what was held."""

import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import TrainingNeed, TrainingReport, YearlyPlan
from courses.records.queries import visible_reports
from courses.records.reports import content_of
from courses.yearly import domain, reports
from courses.yearly.errors import NothingPlanned, NotYourPlan, OwnPlan, PlanMoved
from courses.yearly.queries import happened
from portal.enums import Role
from portal.exchange.pdf import Printed
from portal.models import AuditEvent
from tests.factories.courses import (
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    NomineeCreditFactory,
    NomineeFactory,
    NomineeTimesFactory,
    TrainingModuleFactory,
    TrainingRequestFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def plan(world):
    """The plan of the west, with one row of the first quarter."""
    found = domain.start_plan(world.west, YEAR, by=world.manager)
    domain.add_row(found, world.module, quarter=1, heads=2, by=world.manager)
    return found


@pytest.fixture
def printed(monkeypatch):
    monkeypatch.setattr(reports, "render_pdf", lambda *args, **kwargs: Printed(b"%PDF-1.7"))


@pytest.fixture
def approved(world, plan, printed):
    domain.submit_plan(plan, by=world.manager)
    return domain.approve_plan(plan, by=world.administrator)


def test_needs_of_all_places_below_are_summed_and_taken_in_once(world, plan):
    for place, heads, by in ((world.outlet, 3, world.manager), (world.west, 2, world.manager)):
        domain.say_need(place, world.module, year=YEAR, quarter=2, heads=heads, by=by)
    domain.say_need(world.east, world.module, year=YEAR, quarter=2, heads=50, by=world.other_manager)
    domain.say_need(world.outlet, world.module, year=YEAR, quarter=2, heads=4, by=world.manager)
    assert TrainingNeed.objects.count() == 3
    assert [domain.take_needs(plan, by=world.manager) for _turn in range(2)] == [1, 0]
    assert list(plan.rows.values_list("quarter", "heads", "minutes")) == [(1, 2, 480), (2, 6, 480)]


def test_only_who_manages_the_branch_plans_for_it(world, plan):
    for name in ("technician", "trainer", "other_manager", "auditor"):
        by = getattr(world, name)
        with pytest.raises(NotYourPlan):
            domain.add_row(plan, world.module, quarter=3, heads=1, by=by)
        with pytest.raises(NotYourPlan):
            domain.say_need(world.west, world.module, year=YEAR, quarter=1, heads=1, by=by)
        with pytest.raises(NotYourPlan):
            domain.start_plan(world.west, 2027, by=by)


def test_module_stands_once_a_quarter(world, plan):
    with pytest.raises(ValidationError):
        domain.add_row(plan, world.module, quarter=1, heads=5, by=world.manager)


def test_submitted_plan_stays_and_another_approves_it(world, plan):
    domain.submit_plan(plan, by=world.manager)
    with pytest.raises(PlanMoved):
        domain.add_row(plan, world.module, quarter=3, heads=1, by=world.manager)
    with pytest.raises(OwnPlan):
        domain.approve_plan(plan, by=world.manager)
    with pytest.raises(NotYourPlan):
        domain.approve_plan(plan, by=world.other_manager)
    found = domain.approve_plan(plan, by=PersonFactory(organisation=world.west, roles=[Role.MANAGER]))
    assert (found.state, found.approved_at is not None) == ("approved", True)
    assert AuditEvent.objects.filter(action="courses.yearly_plan_approved").count() == 1
    with pytest.raises(PlanMoved):
        domain.approve_plan(plan, by=world.administrator)


def test_plan_sent_back_says_why_and_empty_ones_are_not_submitted(world, plan):
    domain.submit_plan(plan, by=world.manager)
    found = domain.send_back(plan, by=world.administrator, remark="人数太少")
    assert (found.state, found.remark) == ("draft", "人数太少")
    domain.drop_row(plan.rows.get(), by=world.manager)
    with pytest.raises(NothingPlanned):
        domain.submit_plan(plan, by=world.manager)


def test_what_was_held_and_attended_stands_beside_the_plan(world, plan, make_session):
    start = dt.datetime(YEAR, 2, 10, 1, 0, tzinfo=dt.UTC)
    facts = {"starts_at": start, "ends_at": start + dt.timedelta(hours=9), "state": "closed"}
    session = make_session(**facts)
    seat = EnrolmentFactory(session=session, person=world.technician)
    attendance = AttendanceFactory(enrolment=seat)
    day = timezone.localdate(start)
    HourCreditFactory(attendance=attendance, person=world.technician, module=world.module, earned_on=day)
    elsewhere = EnrolmentFactory(session=make_session(organisation=world.east, **facts), person=world.stranger)
    HourCreditFactory(
        attendance=AttendanceFactory(enrolment=elsewhere), person=world.stranger, module=world.module, earned_on=day
    )
    make_session(**facts | {"state": "cancelled"})
    request = TrainingRequestFactory(organisation=world.customer, session=session, state="planned")
    times = NomineeTimesFactory(nominee=NomineeFactory(request=request), number=1, came_at=start, went_at=start)
    NomineeCreditFactory(times=times, module=world.module, minutes=60)
    (row,) = happened(plan)
    assert (row.sessions, row.people, row.minutes, row.row.planned_minutes, row.lamp) == (1, 2, 540, 960, "green")


def test_approved_plan_is_kept_once_and_read_by_who_sees_the_branch(world, approved, client_of):
    assert [reports.keep_approved_plans() for _turn in range(2)] == [1, 0]
    report = TrainingReport.objects.get()
    assert report in visible_reports(world.auditor)
    address = reverse("courses:yearly_paper", args=[approved.pk])
    assert client_of(world.manager).get(address).content == b"%PDF-1.7"
    assert client_of(world.other_manager).get(address).status_code == 404
    page = client_of(world.auditor).get(reverse("courses:reports")).text
    assert "年度培训计划" in page


@pytest.mark.parametrize("name", ["yearly_plans", "yearly_needs"])
def test_pages_are_for_managers_and_auditors(world, client_of, name):
    for who, status in (("technician", 403), ("trainer", 403), ("contact", 403), ("manager", 200), ("auditor", 200)):
        assert client_of(getattr(world, who)).get(reverse(f"courses:{name}")).status_code == status
    assert client_of(world.auditor).post(reverse(f"courses:{name}"), {}).status_code == 403


def test_walk_over_the_pages(world, client_of, printed):
    client = client_of(world.manager)
    facts = {"organisation": world.outlet.pk, "year": YEAR, "module": world.module.pk, "quarter": 1, "heads": 3}
    assert client.post(reverse("courses:yearly_needs"), facts).status_code == 302
    assert client.post(reverse("courses:yearly_needs"), facts | {"heads": 0}).status_code == 422
    client.post(reverse("courses:yearly_plans"), {"organisation": world.west.pk, "year": YEAR})
    plan = YearlyPlan.objects.get()
    act, page = reverse("courses:yearly_act", args=[plan.pk]), plan.get_absolute_url()
    assert "3" in client.get(page).text
    client.post(act, {"act": "needs"})
    new = {"module": TrainingModuleFactory().pk, "quarter": 2, "heads": 4, "minutes": "", "for_whom": "班长"}
    client.post(reverse("courses:yearly_row_new", args=[plan.pk]), new)
    assert client.post(reverse("courses:yearly_row_new", args=[plan.pk]), new).status_code == 422
    last = plan.rows.get(quarter=2)
    client.post(reverse("courses:yearly_row_drop", args=[plan.pk, last.pk]))
    client.post(act, {"act": "submit"})
    client.post(act, {"act": "approve"})
    plan.refresh_from_db()
    assert plan.state == "submitted"
    boss = client_of(world.administrator)
    assert boss.post(act, {"act": "back", "remark": ""}).status_code == 302
    boss.post(act, {"act": "approve"})
    plan.refresh_from_db()
    assert (plan.state, TrainingReport.objects.filter(plan=plan).count()) == ("approved", 1)
    sheet = load_workbook(io.BytesIO(client.get(page, {"export": "xlsx"}).content)).active
    assert world.module.title in {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "text/html" in client.get(page, {"export": "csv"})["Content-Type"]
    assert client_of(world.other_manager).get(page).status_code == 404
    assert client_of(world.other_manager).post(act, {"act": "approve"}).status_code == 404


def test_paper_is_a_pdf(world, plan):
    domain.submit_plan(plan, by=world.manager)
    domain.approve_plan(plan, by=world.administrator)
    assert reports.keep_approved_plans() == 1
    content = content_of(TrainingReport.objects.get())
    assert content is not None
    assert content.startswith(b"%PDF-")


def test_page_takes_as_many_queries_for_three_rows_as_for_one(world, plan, client_of):
    client, page = client_of(world.manager), plan.get_absolute_url()
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for quarter in (2, 3):
        domain.add_row(plan, world.module, quarter=quarter, heads=1, by=world.manager)
    with CaptureQueriesContext(connection) as three:
        client.get(page)
    assert len(three) == len(one)


def test_rows_of_the_paper_add_up_to_its_total(world):
    plan = domain.start_plan(world.west, 2026, by=world.manager)
    for quarter, heads in ((1, 3), (2, 2)):
        domain.add_row(plan, world.module, quarter=quarter, heads=heads, minutes=480, by=world.manager)
    facts = reports.plan_facts(plan)
    assert facts["minutes"] == sum(row.planned_minutes for row in facts["rows"]) == 5 * 480
    paper = render_to_string("courses/yearly/print/plan.html", facts)
    assert ">24 小时<" in paper
    assert ">16 小时<" in paper
