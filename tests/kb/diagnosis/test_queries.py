"""The report of runs: branches, ends without a solution, minutes."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.diagnosis import domain
from kb.diagnosis.queries import StepCount, run_report
from kb.enums import RunResult
from tests.factories.kb import DiagnosisGuideFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
WEEK = NOW - dt.timedelta(days=7)


def follow(guide, path, begin, result=None, reason="", minutes=10):
    with time_machine.travel(begin, tick=False):
        run = domain.follow(guide, path, token=uuid.uuid4())
    if result:
        with time_machine.travel(begin + dt.timedelta(minutes=minutes), tick=False):
            domain.end_run(run, result, reason=reason)
    return run


def test_report_counts_branches_and_ends():
    guide = DiagnosisGuideFactory()
    earlier = NOW - dt.timedelta(days=1)
    follow(guide, "yy", earlier, RunResult.SOLVED, minutes=10)
    follow(guide, "yy", earlier, RunResult.SOLVED, minutes=20)
    follow(guide, "yn", earlier, RunResult.ESCALATED)
    follow(guide, "y", earlier, RunResult.NOT_SOLVED, reason="没带压力表")
    follow(guide, "", earlier)
    follow(guide, "", NOW - dt.timedelta(minutes=5))
    follow(guide, "yy", NOW - dt.timedelta(days=30), RunResult.SOLVED)
    follow(DiagnosisGuideFactory(), "n", earlier, RunResult.NOT_SOLVED)
    with time_machine.travel(NOW, tick=False):
        report = run_report(guide, WEEK)
    assert (report.runs, report.solved, report.minutes, report.without_solution) == (6, 2, 15, 3)
    assert report.steps == {
        "1": StepCount(yes=4, given_up=1),
        "2": StepCount(yes=2, no=1, not_solved=1),
        "8": StepCount(solved=2),
        "9": StepCount(escalated=1),
    }
    assert [run.reason for run in report.reasons] == ["没带压力表"]


def test_report_of_a_guide_nobody_followed_is_empty():
    report = run_report(DiagnosisGuideFactory(), WEEK)
    assert (report.runs, report.solved, report.minutes, report.steps) == (0, 0, None, {})


@pytest.mark.parametrize("runs", [1, 3])
def test_report_takes_a_fixed_number_of_queries(runs):
    guide = DiagnosisGuideFactory()
    for _run in range(runs):
        follow(guide, "yy", NOW, RunResult.NOT_SOLVED, reason="仍然报警")
    with CaptureQueriesContext(connection) as queries:
        run_report(guide, WEEK)
    assert len(queries) == 6
