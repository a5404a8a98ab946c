"""The timekeeper of a task worker: goes on after errors, does not flood the log, ends with its worker."""

import sys
import threading

import pytest
from django.core.management import get_commands, load_command_class

from portal.operations import jobs


def test_a_timekeeper_goes_on_after_bad_looks_and_tells_each_outage_once(monkeypatch, caplog):
    caplog.set_level("WARNING", "portal.operations.jobs")
    looks = []

    def look():
        looks.append(1)
        if len(looks) not in (4, 5, 8):
            raise RuntimeError("database gone")

    class Stopping:
        def wait(self, seconds):
            return len(looks) == 8

    monkeypatch.setattr(jobs, "queue_due", look)
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    jobs.keep_time(Stopping())
    assert len(looks) == 8
    assert [(record.getMessage(), bool(record.exc_info)) for record in caplog.records] == [
        ("The regular jobs could not be looked at", True),
        ("The regular jobs are looked at again", False),
    ] * 2


@pytest.mark.parametrize(
    ("options", "reloads", "keeps"),
    [({}, "", True), ({"batch": True}, "", False), ({"reload": True}, "", False), ({"reload": True}, "true", True)],
)
def test_every_worker_keeps_time_until_it_ends(monkeypatch, options, reloads, keeps):
    command = load_command_class(get_commands()["db_worker"], "db_worker")
    kept, stopped = threading.Event(), []

    def keep_time(stopping):
        kept.set()
        stopped.append(stopping.wait(30))

    def handle(self, **options):
        assert kept.wait(30 if keeps else 0) is keeps
        sys.exit(0)

    monkeypatch.setenv("RUN_MAIN", reloads)
    monkeypatch.setattr(type(command).__mro__[1], "handle", handle)
    monkeypatch.setattr("portal.management.commands.db_worker.keep_time", keep_time)
    monkeypatch.setattr("portal.management.commands.db_worker.keep_beating", lambda worker_id, stopping: None)
    with pytest.raises(SystemExit):
        command.handle(**{"batch": False, "reload": False} | options)
    for thread in threading.enumerate():
        if thread.name == "timekeeper":
            thread.join()
    assert stopped == [True] * keeps
