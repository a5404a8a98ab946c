"""Holidays and working days: starter set, import, what generator, session form and calendar make of them."""

import datetime as dt

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from courses.days.imports import kind
from courses.days.starter import load_holidays
from courses.enums import ClashKind, DayKind
from courses.models import SpecialDay
from courses.plans.generating import Window
from courses.sessions.clashes.domain import clashes_of_session
from portal.exchange.imports.domain import accept_import, start_import
from portal.models import AuditEvent
from portal.registry.imports import Outcome

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
