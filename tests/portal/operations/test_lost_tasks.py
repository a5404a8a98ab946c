"""Workers are killed: what they had in hand is begun again, ended with a reason, or, if a letter, not written twice."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.models import JobState, Letter, WorkerBeat
from portal.operations import jobs
from portal.operations.lost_tasks import LEASE, LOST, beat, reap_lost_tasks
from portal.registry import jobs as registry
from tests.portal.operations import hanging

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MAIL = "tests.portal.operations.hanging.EmailFiles"


@pytest.fixture(autouse=True)
def _queue(settings):
    settings.TASKS = IN_DATABASE
    settings.EMAIL_BACKEND = MAIL
    if connection.vendor != "sqlite":
        pytest.fail("the worker of this test is pointed at the test database's file")


def start_worker():
    """A task worker as the portal starts it, on the test's database."""
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        f"settings.EMAIL_BACKEND = {MAIL!r}\n"
        "import tests.portal.operations.hanging\n"
        "from django.core.management import call_command\n"
        "call_command('db_worker', '--no-startup-delay', '--no-reload', '--interval', '0.1', '--batch')\n"
    )
    address = f"sqlite:///{connection.settings_dict['NAME']}"
    given = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings", "TASKS_BACKEND": "database"}
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=os.environ | given)


def until(condition, seconds=60):
    """Wait for a condition of another process."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill_over(task, marker):
    """Have a worker begin the task and kill it the moment it has; return the task's row."""
    worker = start_worker()
    until(lambda: Path(marker).exists())
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    row = DBTaskResult.objects.get(pk=task.id)
    assert row.status == TaskResultStatus.RUNNING
    assert reap_lost_tasks() == 0
    long_ago = timezone.now() - 2 * LEASE
    WorkerBeat.objects.update(seen_at=long_ago)
    DBTaskResult.objects.filter(pk=row.pk).update(started_at=long_ago)
    return row


def work_off():
    """Have a worker end what is waiting."""
    worker = start_worker()
    assert worker.wait(timeout=60) == 0


def test_task_of_a_killed_worker_ends_as_failed_with_the_reason(tmp_path):
    marker = str(tmp_path / "begun")
    row = kill_over(hanging.hang.enqueue(marker), marker)
    assert reap_lost_tasks() == 1
    row.refresh_from_db()
    assert (row.status, row.exception_class_path) == (TaskResultStatus.FAILED, LOST)
    assert row.worker_ids[0] in row.traceback
    assert row.finished_at is not None


def test_task_that_does_no_harm_twice_is_begun_again_by_the_next_worker(tmp_path):
    marker = str(tmp_path / "begun")
    row = kill_over(hanging.hang_once.enqueue(marker), marker)
    reap_lost_tasks()
    row.refresh_from_db()
    assert row.status == TaskResultStatus.READY
    work_off()
    row.refresh_from_db()
    assert (row.status, row.return_value, len(row.worker_ids)) == (TaskResultStatus.SUCCESSFUL, 1, 2)


@pytest.mark.parametrize(("hang_at", "letters"), [("before", 1), ("while", 2), ("after", 1)])
def test_letter_of_a_killed_worker_goes_out_once(tmp_path, hang_at, letters):
    marker, key = str(tmp_path / "begun"), uuid.uuid4()
    row = kill_over(hanging.write_letter.enqueue(marker, key.hex, hang_at), marker)
    reap_lost_tasks()
    work_off()
    row.refresh_from_db()
    assert (row.status, row.return_value) == (TaskResultStatus.SUCCESSFUL, True)
    sent = (tmp_path / "begun.sent").read_text().splitlines()
    # Killed between the server's taking it and our noting that: the same letter again, which mailboxes drop.
    assert (len(sent), len(set(sent))) == (letters, 1)
    assert Letter.objects.get().sent_at is not None


def test_letter_is_begun_twice_at_most(tmp_path):
    marker, key = tmp_path / "begun", uuid.uuid4()
    task = hanging.write_letter.enqueue(str(marker), key.hex, "before")
    for left in (TaskResultStatus.READY, TaskResultStatus.FAILED):
        marker.unlink(missing_ok=True)
        row = kill_over(task, marker)
        reap_lost_tasks()
        row.refresh_from_db()
        assert row.status == left
    assert not (tmp_path / "begun.sent").exists()
    assert Letter.objects.get().attempts == 2


def running(task, *workers):
    """A task in the hands of these workers, begun long ago."""
    row = DBTaskResult.objects.get(pk=task.id)
    facts = {"status": TaskResultStatus.RUNNING, "started_at": timezone.now() - 2 * LEASE, "worker_ids": [*workers]}
    DBTaskResult.objects.filter(pk=row.pk).update(**facts)
    return row


def test_task_of_a_worker_that_lives_is_left_alone():
    row = running(hanging.hang.enqueue("x"), "w1")
    beat("w1")
    assert reap_lost_tasks() == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING


def test_task_that_loses_every_worker_is_given_up():
    row = running(hanging.hang_once.enqueue("x"), "w1", "w2", "w3")
    reap_lost_tasks()
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED


def test_regular_job_of_a_killed_worker_is_due_again_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(registry, "_jobs", {})
    registry.register_job("nightly", lambda: None, daily_at=dt.time(0, 10))
    for hastened in (True, False):
        taken, now = timezone.now(), timezone.now()
        tomorrow = now + dt.timedelta(days=1)
        kept = {"queued_at": None, "started_at": now, "due_at": tomorrow}
        JobState.objects.update_or_create(name="nightly", defaults=kept)
        running(jobs.run_job.enqueue("nightly", taken.isoformat()), "w1")
        reap_lost_tasks()
        state = JobState.objects.get(name="nightly")
        assert (state.error, state.due_at < tomorrow) == (jobs.WORKER_LOST, hastened)
        assert state.finished_at >= state.started_at


def test_worker_that_ends_is_no_longer_listed():
    call_command("db_worker", "--batch", "--no-reload", "--no-startup-delay", "--worker-id", "w9", verbosity=0)
    until(lambda: not WorkerBeat.objects.filter(worker_id="w9").exists())
