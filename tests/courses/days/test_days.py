"""Holidays and working days: starter set, import, what generator, session form and calendar make of them."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.days.imports import kind
from courses.days.queries import missing_days
from courses.days.starter import load_holidays
from courses.enums import ClashKind, DayKind
from courses.models import SpecialDay
from courses.plans.generating import Window
from courses.sessions.clashes.domain import clashes_of_session
from courses.yearly.domain import start_plan
from portal.exchange.imports.domain import accept_import, start_import
from portal.models import AuditEvent
from portal.registry.imports import Outcome
from tests.factories.courses import ProjectFactory

OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 10, 12))
TABLE = "日期,类型,节日\n2027-01-01,放假,元旦\n2027/1/3,上班,元旦\n"


def test_starter_set_is_the_notice_of_2026(db):
    assert load_holidays() == 39
    assert SpecialDay.objects.filter(kind=DayKind.HOLIDAY).count() == 33
    worked = SpecialDay.objects.filter(kind=DayKind.WORKING).order_by("day")
    assert [special.day.isoformat()[5:] for special in worked] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    # Every day that makes up for one is a weekend.
    assert {special.day.weekday() for special in worked} <= {5, 6}
    assert load_holidays() == 0


def test_starter_set_is_loaded_once_whatever_administrators_did_to_it(db):
    call_command("load_starter_content", verbosity=0)
    assert SpecialDay.objects.count() == 39
    SpecialDay.objects.all().delete()
    call_command("load_starter_content", verbosity=0)
    assert not SpecialDay.objects.exists()


def test_generator_skips_holidays_and_uses_the_weekends_worked(db):
    load_holidays()
    days = list(Window(first=OCTOBER[0], last=OCTOBER[1]).days())
    assert [day.day for day in days] == [8, 9, 10, 12]
    # Who asks for Mondays alone gets no Saturday for it.
    assert [day.day for day in Window(first=OCTOBER[0], last=OCTOBER[1], weekdays=(0,)).days()] == [12]
    assert SpecialDay.objects.filter(day=dt.date(2026, 10, 5)).get().is_holiday


def test_session_on_a_holiday_is_warned_of(make_session):
    load_holidays()
    start = dt.datetime(2026, 9, 30, 6, 0, tzinfo=dt.UTC)
    assert clashes_of_session(make_session(starts_at=start, ends_at=start + dt.timedelta(hours=3))) == []
    long = make_session(starts_at=start + dt.timedelta(hours=4), ends_at=start + dt.timedelta(days=2))
    (clash,) = clashes_of_session(long)
    assert (clash.kind, clash.day.day) == (ClashKind.HOLIDAY, OCTOBER[0])
    assert "国庆节" in clash.message
    # It ends at midnight, before the holiday.
    midnight = timezone.make_aware(dt.datetime(2026, 10, 1))
    ends = make_session(starts_at=midnight - dt.timedelta(hours=1), ends_at=midnight)
    assert ClashKind.HOLIDAY not in {clash.kind for clash in clashes_of_session(ends)}


def test_calendar_marks_them(client_of, world):
    load_holidays()
    shown = client_of(world.trainer).get(reverse("courses:calendar"), {"date": "2026-10-01"}).content.decode()
    assert shown.count("国庆节 放假") == 7
    assert shown.count("国庆节 上班") == 1


def table(text, by):
    return start_import(kind, text.encode(), by=by, file_name="放假安排.csv")


def test_notice_is_imported_and_a_second_run_changes_nothing(world):
    accept_import(table(TABLE, world.administrator), by=world.administrator)
    assert list(SpecialDay.objects.order_by("day").values_list("day", "kind", "name")) == [
        (dt.date(2027, 1, 1), "holiday", "元旦"),
        (dt.date(2027, 1, 3), "working", "元旦"),
    ]
    again = table(TABLE, world.administrator)
    assert set(again.lines.values_list("outcome", flat=True)) == {Outcome.SAME}
    changed = table(TABLE.replace("上班", "放假"), world.administrator)
    accept_import(changed, by=world.administrator)
    assert SpecialDay.objects.filter(kind="holiday").count() == 2
    assert AuditEvent.objects.filter(action="courses.specialday_changed").count() == 1


def test_problems_are_named_by_column(world):
    run = table("日期,类型,节日\n2027-13-01,放假,元旦\n2027-01-02,也许,元旦\n2027-01-02,休,\n", world.administrator)
    problems = [{column for column, _message in line.problems} for line in run.lines.order_by("number")]
    assert problems == [{"day"}, {"kind"}, {"day", "name"}]


def test_days_are_the_administrators(world):
    for person in (world.trainer, world.manager, world.technician, world.contact):
        assert not kind.may_use(person)
    assert kind.may_use(world.administrator)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ((2026, 1, 1), (2026, 12, 31), ()),
        ((2026, 12, 1), (2027, 1, 31), (2027,)),
        ((2027, 3, 1), (2028, 3, 1), (2027, 2028)),
        ((2024, 1, 1), (2025, 6, 30), ()),
    ],
)
def test_years_without_holidays_on_record(world, time_machine, first, last, years):
    time_machine.move_to(dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC), tick=False)
    load_holidays()
    # A weekend worked alone is no notice.
    SpecialDay.objects.create(day=dt.date(2027, 1, 9), kind=DayKind.WORKING, name="元旦")
    with CaptureQueriesContext(connection) as queries:
        missing = missing_days(dt.date(*first), dt.date(*last), world.technician)
    assert missing.years == years
    assert len([one for one in queries if "specialday" in one["sql"]]) <= 1


def test_who_plans_into_a_year_without_holidays_is_told_and_the_administrator_where(world, client_of, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC), tick=False)
    load_holidays()
    plan = start_plan(world.west, 2027, by=world.manager)
    pages = {
        reverse("courses:calendar") + "?date=2027-03-01": ("trainer", "administrator"),
        reverse("courses:schedule") + "?date=2027-03-01": ("trainer", "administrator"),
        plan.get_absolute_url(): ("manager", "administrator"),
    }
    for address, readers in pages.items():
        for name in readers:
            page = client_of(getattr(world, name)).get(address).content.decode()
            assert "2027 年的法定节假日尚未录入" in page
            assert (reverse("import_new", args=["holidays"]) in page) == (name == "administrator")
    assert "尚未录入" not in client_of(world.technician).get(reverse("courses:calendar") + "?date=2027-03-01").text
    assert "尚未录入" not in client_of(world.trainer).get(reverse("courses:calendar") + "?date=2026-12-01").text


def test_generator_says_which_years_of_its_window_are_missing(world, client_of, time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 8, 4, 0, tzinfo=dt.UTC), tick=False)
    load_holidays()
    project = ProjectFactory(customer=world.customer)
    address = reverse("courses:plan_generate", args=[project.code])
    facts = {"first": "2026-11-02", "last": "2026-11-30", "weekdays": [0, 1, 2, 3, 4], "closed": "", "place": ""}
    client = client_of(world.administrator)
    assert "尚未录入" not in client.post(address, facts).text
    assert "2027 年的法定节假日尚未录入" in client.post(address, facts | {"last": "2027-01-31"}).text


def test_session_put_into_such_a_year_is_said_to_be_unchecked(world, client_of, make_session, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC), tick=False)
    load_holidays()
    facts = {
        "modules": [world.module.pk],
        "trainer": world.trainer.pk,
        "organisation": world.west.pk,
        "starts_at": "2027-03-01T08:30",
        "ends_at": "2027-03-01T17:30",
        "break_minutes": 60,
        "place": "一号教室",
        "capacity": 12,
        "kind": "class",
        "more-TOTAL_FORMS": 0,
        "more-INITIAL_FORMS": 0,
    }
    page = client_of(world.trainer).post(reverse("courses:session_new"), facts, follow=True).text
    assert "2027 年的法定节假日尚未录入：请核对" in page
