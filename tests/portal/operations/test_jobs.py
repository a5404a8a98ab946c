"""Regular jobs: due at their time, run once whoever looks, again after a failure, and seen when they are not run."""

import datetime as dt
import sys
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from portal.enums import Audience
from portal.models import InformationPage, JobState
from portal.operations import jobs
from portal.registry import jobs as registry
from portal.search.engine.registry import close_engines
from tests.factories.kb import FaultArticleFactory

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)  # noon in Shanghai
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
BODY = "<p>周六停机检修。</p>"


@pytest.fixture
def clock():
    """Time that stands still until it is moved."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ran(monkeypatch, settings):
    """One job a minute and one at ten past midnight, nothing else; yields the names of those that ran, in order."""
    names = []
    monkeypatch.setattr(registry, "_jobs", {})
    JobState.objects.all().delete()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    registry.register_job("often", lambda: names.append("often"), every=MINUTE)
    registry.register_job("nightly", lambda: names.append("nightly"), daily_at=dt.time(0, 10))
    return names


def work():
    """Work the queue off, as a worker of `django_tasks_db` does."""
    for row in DBTaskResult.objects.ready():
        row.claim("worker")
        Worker.run_task(worker(), row)


def worker():
    return Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="worker", excluded_queue_names=[],
    )  # fmt: skip


@pytest.mark.django_db
def test_a_job_is_queued_and_run_once_each_time(clock, ran):
    assert jobs.queue_due() == ["often"]
    assert jobs.queue_due() == []
    work()
    assert ran == ["often"]
    assert jobs.queue_due() == []
    clock.shift(MINUTE)
    assert jobs.queue_due() == ["often"]
    work()
    assert ran == ["often", "often"]


@pytest.mark.django_db
def test_a_daily_job_runs_at_its_local_time(clock, ran):
    jobs.queue_due()
    assert JobState.objects.get(name="nightly").due_at == dt.datetime(2026, 3, 18, 16, 10, tzinfo=dt.UTC)
    clock.move_to(dt.datetime(2026, 3, 18, 16, 10, tzinfo=dt.UTC))
    jobs.queue_due()
    work()
    assert ran.count("nightly") == 1
    assert JobState.objects.get(name="nightly").due_at == dt.datetime(2026, 3, 19, 16, 10, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_what_was_missed_while_nobody_kept_time_runs_once(clock, ran):
    jobs.queue_due()
    work()
    clock.shift(5 * DAY)
    assert sorted(jobs.queue_due()) == ["nightly", "often"]
    work()
    assert jobs.queue_due() == []
    assert sorted(ran) == ["nightly", "often", "often"]


@pytest.mark.django_db
def test_a_job_waiting_in_the_queue_is_queued_again_only_when_lost(clock, ran):
    jobs.queue_due()
    clock.shift(14 * MINUTE)
    assert jobs.queue_due() == []
    clock.shift(2 * MINUTE)
    assert jobs.queue_due() == ["often"]
    work()  # both tasks: the first one was given up
    assert ran == ["often"]


@pytest.mark.django_db
def test_a_running_job_is_queued_again_only_when_lost(clock, ran):
    queued = []

    def run_long():
        for minutes in (1, 59, 59, 2):
            clock.shift(minutes * MINUTE)
            queued.append("long" in jobs.queue_due())

    registry.register_job("long", run_long, every=MINUTE)
    jobs.queue_due()
    work()
    assert queued == [False, False, False, True]
    registry.register_job("long", lambda: ran.append("long"), every=MINUTE)
    work()
    clock.shift(MINUTE)
    assert "long" in jobs.queue_due()
    assert ran.count("long") == 1


@pytest.mark.django_db
def test_a_run_thought_lost_does_not_end_the_one_after_it(clock, ran):
    def run_while_another_begins():
        JobState.objects.filter(name="long").update(started_at=NOW + MINUTE)
        clock.shift(2 * MINUTE)

    registry.register_job("long", run_while_another_begins, every=MINUTE)
    jobs.queue_due()
    work()
    assert JobState.objects.get(name="long").finished_at is None


@pytest.mark.django_db
def test_a_job_stopped_with_its_worker_is_queued_at_its_next_time(clock, ran):
    def stop():
        sys.exit(1)

    registry.register_job("stopped", stop, every=MINUTE)
    jobs.queue_due()
    work()
    clock.shift(MINUTE)
    assert "stopped" in jobs.queue_due()


@pytest.mark.django_db
def test_a_job_that_fails_is_logged_and_tried_at_its_next_time(clock, ran, caplog):
    def fail():
        raise RuntimeError("no disk")

    registry.register_job("failing", fail, every=MINUTE)
    jobs.queue_due()
    work()
    state = JobState.objects.get(name="failing")
    assert (state.error, state.succeeded_at, state.due_at) == ("RuntimeError('no disk')", None, NOW + MINUTE)
    assert [record.getMessage() for record in caplog.records] == ["Regular job failing failed"]
    assert ran == ["often"]
    registry.register_job("failing", lambda: ran.append("failing"), every=MINUTE)
    clock.shift(MINUTE)
    jobs.queue_due()
    work()
    state.refresh_from_db()
    assert (state.error, state.succeeded_at) == ("", NOW + MINUTE)


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_timekeepers_of_several_hosts_queue_a_job_once(ran):
    barrier, queued = threading.Barrier(4), []
    jobs.enter_jobs()

    def keep_time():
        barrier.wait()
        try:
            queued.extend(jobs.queue_due())
        finally:
            connection.close()

    threads = [threading.Thread(target=keep_time) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queued == ["often"]
    assert DBTaskResult.objects.count() == 1


def test_a_job_says_one_time():
    for times in ({}, {"every": MINUTE, "daily_at": dt.time(3)}):
        with pytest.raises(ValueError, match="either"):
            registry.register_job("odd", list, **times)


@pytest.mark.django_db
def test_jobs_are_late_when_they_have_not_succeeded(clock, ran):
    jobs.enter_jobs()
    clock.shift(DAY)
    assert jobs.late_jobs() == ["often"]
    clock.shift(DAY + MINUTE)
    assert jobs.late_jobs() == ["nightly", "often"]
    jobs.run_due()
    assert jobs.late_jobs() == []


@pytest.mark.django_db
def test_the_command_runs_what_is_due_and_lists_all(clock, ran, capsys):
    call_command("run_jobs", list=True)
    assert ran == []
    call_command("run_jobs")
    call_command("run_jobs")
    assert ran == ["often"]
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "nightly                  next 2026-03-19 00:10:00  never run",
        "often                    next 2026-03-18 12:01:00  last 2026-03-18 12:00:00 ok",
    ]
    registry.register_job("failing", lambda: 1 / 0, every=MINUTE)
    with pytest.raises(CommandError, match="failing"):
        call_command("run_jobs", verbosity=0)


@pytest.mark.django_db
def test_the_portal_has_its_jobs(settings, tmp_path):
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    assert {
        "clear_sessions",
        "expire_qualifications",
        "clear_what_is_over",
        "publish_scheduled",
        "read_unread_files",
        "repair_search",
    } <= set(registry.jobs())
    JobState.objects.all().delete()
    jobs.enter_jobs()
    JobState.objects.update(due_at=timezone.now())
    assert all(jobs.run_due().values())
    close_engines()


@pytest.mark.django_db
def test_what_is_scheduled_goes_live_and_expires(clock, client, monkeypatch):
    """Through the registered job, as an editor sets it: `go_live_at` and `expire_at` of a page and of an article."""
    monkeypatch.setattr(registry, "_jobs", {"publish_scheduled": registry.jobs()["publish_scheduled"]})
    home = Page.objects.get(depth=2)
    page = InformationPage(title="通知", slug="notice", body=BODY, audience=Audience.PUBLIC, live=False)
    home.add_child(instance=page)
    page.go_live_at, page.expire_at = NOW + 2 * MINUTE, NOW + DAY
    page.save_revision().publish()
    article = FaultArticleFactory()
    article.expire_at = NOW + DAY
    article.save_revision().publish()
    JobState.objects.all().delete()

    seen = []
    for moment in (NOW, NOW + 3 * MINUTE, NOW + DAY + MINUTE):
        clock.move_to(moment)
        jobs.run_due()
        page.refresh_from_db()
        article.refresh_from_db()
        seen.append((page.live, client.get("/notice/").status_code, article.live))
    assert seen == [(False, 404, True), (True, 200, True), (False, 404, False)]
