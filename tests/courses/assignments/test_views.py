"""Pages of assigned training: who opens them, what they show, how many queries they take."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import TrainingDue
from tests.factories.courses import HourCreditFactory, TrainingDueFactory
from tests.factories.portal import PersonFactory


def url(name, *args):
    return reverse(f"courses:{name}", args=args)


def late(world, **facts):
    day = timezone.localdate() - dt.timedelta(days=3)
    return TrainingDueFactory(organisation=world.west, due_on=day, **facts)


@pytest.fixture
def typed(world):
    """What a manager types."""
    day = timezone.localdate() + dt.timedelta(days=20)
    return {"module": world.module.pk, "organisation": world.west.pk, "due_on": day.isoformat(), "reason": "复训"}


def test_manager_assigns_by_the_form_and_follows_it(client_of, world, typed):
    client = client_of(world.manager)
    assert client.get(url("due_new")).status_code == 200
    answer = client.post(url("due_new"), typed)
    due = TrainingDue.objects.get()
    assert answer.url == due.get_absolute_url()
    page = client.get(due.get_absolute_url()).text
    assert "小林" in page
    assert due.title in client.get(url("dues")).text


@pytest.mark.parametrize(
    "changes",
    [
        {"module": ""},
        {"reason": ""},
        {"due_on": ""},
        {"due_on": "2020-01-01"},
        {"within_days": 5},
        {"person": "没有这个人"},
        {"organisation": 0},
    ],
)
def test_form_refuses_and_keeps_what_was_typed(client_of, world, typed, changes):
    page = client_of(world.manager).post(url("due_new"), typed | changes)
    assert page.status_code == 422
    assert not TrainingDue.objects.exists()


def test_form_finds_one_person_of_the_branch(client_of, world, typed):
    client_of(world.manager).post(url("due_new"), typed | {"person": world.technician.staff_number})
    assert TrainingDue.objects.get().person == world.technician
    answer = client_of(world.manager).post(url("due_new"), typed | {"person": world.stranger.staff_number})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["dues", "overdue"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("administrator", 200),
        ("auditor", 200),
        ("technician", 403),
        ("trainer", 403),
        ("contact", 403),
    ],
)
def test_lists_are_for_who_follows_others(client_of, world, name, who, status):
    assert client_of(getattr(world, who)).get(url(name)).status_code == status
    assert client_of().get(url(name)).status_code == 302


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("trainer", 403), ("technician", 403), ("contact", 403)])
def test_form_is_for_who_manages_a_branch(client_of, world, typed, who, status):
    assert client_of(getattr(world, who)).post(url("due_new"), typed).status_code == status
    assert not TrainingDue.objects.exists()


def test_other_branch_is_not_there_and_what_comes_from_above_is(client_of, world):
    west, everywhere = TrainingDueFactory(organisation=world.west), TrainingDueFactory(organisation=world.hq)
    client = client_of(world.other_manager)
    assert client.get(west.get_absolute_url()).status_code == 404
    page = client.get(everywhere.get_absolute_url())
    assert "东区的人" in page.text
    assert "小林" not in page.text
    # Who is below does not take back what headquarters assigned.
    assert client.post(url("due_withdraw", everywhere.pk)).status_code == 403
    assert client.post(url("due_withdraw", west.pk)).status_code == 404
    assert not TrainingDue.objects.exclude(withdrawn_at=None).exists()


def test_manager_withdraws_and_finds_it_among_the_withdrawn(client_of, world):
    due = TrainingDueFactory(organisation=world.west)
    client = client_of(world.manager)
    assert client.get(url("due_withdraw", due.pk)).status_code == 405
    client.post(url("due_withdraw", due.pk))
    assert client.post(url("due_withdraw", due.pk)).status_code == 409
    assert due.title not in client.get(url("dues")).text
    assert due.title in client.get(url("dues"), {"show": "withdrawn"}).text


def test_overdue_names_the_late_only_and_exports_them(client_of, world):
    due = late(world, person=world.technician)
    done = late(world, person=world.manager)
    HourCreditFactory(person=world.manager, module=done.module, minutes=done.module.minutes)
    client = client_of(world.manager)
    page = client.get(url("overdue")).text
    assert due.title in page
    assert done.title not in page
    book = load_workbook(io.BytesIO(client.get(url("overdue"), {"export": "xlsx"}).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["小林"]
    for address in (url("overdue"), due.get_absolute_url()):
        assert "spreadsheet" in client.get(address, {"export": "xlsx"})["Content-Type"]
        assert client.get(address, {"export": "csv"})["Content-Type"].startswith("text/html")


def test_person_reads_what_they_owe_on_home_and_own_page(client_of, world):
    due = late(world)
    client = client_of(world.technician)
    assert due.title in client.get(url("my")).text
    assert "您还须完成的培训" in client.get("/").text
    HourCreditFactory(person=world.technician, module=due.module, minutes=due.module.minutes)
    assert "您还须完成的培训" not in client.get("/").text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("dues", 11), ("overdue", 12), ("due", 13), ("my", 13)])
def test_pages_take_the_same_queries_at_any_length(client_of, world, django_assert_num_queries, name, queries, count):
    for _ in range(count):
        PersonFactory(organisation=world.outlet)
        due = late(world)
    client = client_of(world.manager)
    address = due.get_absolute_url() if name == "due" else url(name)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
