"""Publishing guides, and runs: recorded once, changed by going back, ended once."""

import datetime as dt
import uuid

import pytest
import time_machine

from kb.diagnosis import domain
from kb.diagnosis.errors import GuideChanged, NotAnEnd, NotYourRun, RunEnded
from kb.enums import RunResult
from kb.errors import NotPublishable
from kb.models import DiagnosisRun, DiagnosisStep
from portal.models import AuditEvent
from tests.factories.kb import DiagnosisGuideFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


def answers(run):
    return list(run.answers.values_list("position", "key", "answer"))


def test_incomplete_tree_is_not_published_and_the_draft_stays():
    guide = DiagnosisGuideFactory(published=False, steps=[{"key": "1", "text": "亮吗？", "yes": "1", "no": ""}])
    with pytest.raises(NotPublishable) as refused:
        domain.publish_guide(guide)
    assert [shortfall.code for shortfall in refused.value.shortfalls] == ["branch_open", "loop", "no_escalation"]
    guide.refresh_from_db()
    assert (guide.live, guide.steps.count()) == (False, 1)


def test_publication_is_audited_once():
    guide = DiagnosisGuideFactory()
    event = AuditEvent.objects.get(action="kb.guide_published")
    assert event.detail["number"] == guide.number


def test_run_starts_where_it_is_first_heard_of(engineer):
    guide = DiagnosisGuideFactory()
    run = domain.follow(guide, "yn", token=uuid.uuid4(), person=engineer)
    assert (run.path, run.last_key, run.result, run.person) == ("yn", "9", RunResult.OPEN, engineer)
    assert run.revision == guide.live_revision
    assert answers(run) == [(0, "1", "y"), (1, "2", "n")]


def test_run_sent_twice_is_one_run(engineer):
    guide, token = DiagnosisGuideFactory(), uuid.uuid4()
    first = domain.follow(guide, "y", token=token, person=engineer)
    second = domain.follow(guide, "y", token=token, person=engineer)
    assert first == second
    assert answers(second) == [(0, "1", "y")]
    assert DiagnosisRun.objects.count() == 1


def test_going_back_replaces_the_answers_from_there(engineer):
    guide, token = DiagnosisGuideFactory(), uuid.uuid4()
    domain.follow(guide, "yy", token=token, person=engineer)
    run = domain.follow(guide, "n", token=token, person=engineer)
    assert (run.path, run.last_key) == ("n", "9")
    assert answers(run) == [(0, "1", "n")]


def test_token_of_another_person_or_guide_is_refused(engineer, readers):
    guide, token = DiagnosisGuideFactory(), uuid.uuid4()
    domain.follow(guide, "y", token=token, person=engineer)
    for intruder, other in ((readers["trainer"], guide), (None, guide), (engineer, DiagnosisGuideFactory())):
        with pytest.raises(NotYourRun):
            domain.follow(other, "n", token=token, person=intruder)
    assert DiagnosisRun.objects.get().path == "y"


def test_path_the_guide_does_not_have_is_refused_with_what_stands():
    with pytest.raises(GuideChanged) as refused:
        domain.follow(DiagnosisGuideFactory(), "nyy", token=uuid.uuid4())
    assert refused.value.kept == "n"
    assert not DiagnosisRun.objects.exists()


def test_result_is_recorded_once_with_minutes():
    guide = DiagnosisGuideFactory()
    with time_machine.travel(NOW, tick=False):
        run = domain.follow(guide, "yy", token=uuid.uuid4())
    with time_machine.travel(NOW + dt.timedelta(minutes=25), tick=False):
        ended = domain.end_run(run, RunResult.SOLVED)
        assert domain.end_run(run, RunResult.SOLVED) == ended
    assert (ended.result, ended.minutes) == (RunResult.SOLVED, 25)
    with pytest.raises(RunEnded):
        domain.end_run(run, RunResult.NOT_SOLVED, reason="又坏了")
    with pytest.raises(RunEnded):
        domain.follow(guide, "n", token=run.token)


def test_on_the_way_one_may_give_up_but_not_claim_success():
    run = domain.follow(DiagnosisGuideFactory(), "y", token=uuid.uuid4())
    with pytest.raises(NotAnEnd):
        domain.end_run(run, RunResult.SOLVED)
    ended = domain.end_run(run, RunResult.NOT_SOLVED, reason="  没有压力表  ")
    assert (ended.result, ended.reason) == (RunResult.NOT_SOLVED, "没有压力表")


def test_run_stays_when_its_guide_loses_the_step():
    guide = DiagnosisGuideFactory()
    run = domain.follow(guide, "yy", token=uuid.uuid4())
    DiagnosisStep.objects.filter(guide=guide, key="8").delete()
    assert domain.end_run(run, RunResult.SOLVED).result == RunResult.SOLVED
