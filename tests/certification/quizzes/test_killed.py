"""The server is killed outright while fifty people take a quiz: what it acknowledged is stored."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from tests.conftest import _template
from tests.portal.operations.test_serve import all_processes, has_ended
from tests.servers import ROOT, free_port, wait_for_port

PEOPLE, QUESTIONS = 50, 4
# Answers acknowledged before the server dies: in the middle of the quizzes, not at their end.
ENOUGH = 150
TOKEN = "a" * 32

BEGIN = f"""
import json
from django.test import Client
from certification.quizzes.attempts import start_attempt
from tests.factories.certification import QuizFactory
from tests.factories.portal import PersonFactory
quiz = QuizFactory(questions={QUESTIONS}, draw=[{{"count": {QUESTIONS}}}])
rows = []
for _number in range({PEOPLE}):
    person, client = PersonFactory(), Client()
    client.force_login(person)
    cookies = {{name: each.value for name, each in client.cookies.items()}}
    rows.append([start_attempt(person, quiz).pk, cookies])
print("ROWS" + json.dumps(rows))
"""


@pytest.fixture
def portal(tmp_path):
    """A served portal with fifty open attempts; yields its process, its port, its database and the attempts."""
    if os.environ.get("DATABASE_URL"):
        pytest.fail("this test keeps its own SQLite database; run it without DATABASE_URL")
    database = tmp_path / "portal.sqlite3"
    shutil.copy(_template(), database)
    facts = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "1", "LOG_LEVEL": "ERROR"}
    environment = os.environ | facts | {"TASKS_BACKEND": "database"}
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", BEGIN],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    attempts = json.loads(next(line for line in said.stdout.splitlines() if line.startswith("ROWS"))[4:])
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--skip-checks", "--port", str(port), "--threads", "4"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        wait_for_port(port, process)
        yield process, port, database, attempts
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=90)


class Candidate(threading.Thread):
    """Answers one question after the other until the server is gone; keeps what was acknowledged."""

    def __init__(self, port, attempt, cookies, over):
        super().__init__(daemon=True)
        self.port, self.attempt, self.over = port, attempt, over
        jar = "; ".join(f"{name}={value}" for name, value in (cookies | {"csrftoken": TOKEN}).items())
        self.headers = {"Cookie": jar, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        self.acknowledged = {}
        self.refused = []

    def run(self):
        sequence = 0
        with contextlib.suppress(OSError, http.client.HTTPException):
            while not self.over.is_set():
                sequence += 1
                question, value = sequence % QUESTIONS + 1, sequence % 3
                body = json.dumps({"question": question, "values": [str(value)], "sequence": sequence})
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                    connection.request("POST", f"/certification/attempts/{self.attempt}/answers/", body, self.headers)
                    answer = connection.getresponse()
                    told = answer.read()
                if answer.status != 200:
                    self.refused.append((answer.status, told[:200]))
                    return
                self.acknowledged[question] = (json.loads(told)["sequence"], value)


def is_in_the_middle(candidates):
    counts = [len(each.acknowledged) for each in candidates]
    return sum(counts) >= ENOUGH and min(counts) > 0


def test_every_acknowledged_answer_outlives_the_server(portal):
    process, port, database, attempts = portal
    running, over = all_processes(process), threading.Event()
    candidates = [Candidate(port, attempt, cookies, over) for attempt, cookies in attempts]
    for candidate in candidates:
        candidate.start()
    until = time.monotonic() + 180
    # Killed in the middle: enough was answered, and something to everybody.
    while not is_in_the_middle(candidates) and time.monotonic() < until:
        assert not [refused for each in candidates for refused in each.refused]
        time.sleep(0.01)
    process.kill()
    for pid in running.values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    over.set()
    assert [has_ended(pid) for pid in running.values()] == [True] * len(running)
    for candidate in candidates:
        candidate.join(timeout=90)
    told = {(each.attempt, question): kept for each in candidates for question, kept in each.acknowledged.items()}
    assert len(told) >= ENOUGH
    assert len({attempt for attempt, _question in told}) == PEOPLE
    with contextlib.closing(sqlite3.connect(database)) as kept:
        rows = kept.execute(
            "SELECT s.attempt_id, s.'order', a.sequence, a.response, s.choice_order FROM certification_answer a"
            " JOIN certification_attemptquestion s ON s.id = a.shown_id"
        ).fetchall()
    stored = {(attempt, order): (sequence, response, keys) for attempt, order, sequence, response, keys in rows}
    lost = {key for key, (sequence, _value) in told.items() if key not in stored or stored[key][0] < sequence}
    assert not lost
    for key, (sequence, value) in told.items():
        found, response, keys = stored[key]
        # One that was written and not acknowledged any more may stand there instead: newer, never older.
        if found == sequence:
            assert json.loads(response) == [json.loads(keys)[value]]
