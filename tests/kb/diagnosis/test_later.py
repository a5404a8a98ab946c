"""A whole guide in one document, and runs made without a network that arrive later, each once."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.enums import RunResult
from kb.models import DiagnosisRun
from portal.enums import Audience
from portal.registry import duty
from portal.registry.duty import DutyAnswer, Reason
from tests.factories.kb import DiagnosisGuideFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory
from tests.kb.diagnosis.test_views import HAZARD, gate_says, hazardous, machine  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db


def stamp(moment):
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def send(client, guide, path="yy", result="solved", ago=dt.timedelta(hours=2), **fields):
    started = timezone.now() - ago
    facts = {"token": str(uuid.uuid4()), "path": path, "result": result, "started_at": stamp(started)}
    facts["ended_at"] = stamp(started + dt.timedelta(minutes=12))
    return client.post(f"{guide.get_absolute_url()}runs/", facts | fields, headers={"X-Outbox": "1"})


def whole(client, guide):
    return client.get(f"{guide.get_absolute_url()}whole/").content.decode()


def test_whole_guide_holds_every_step(client_of, engineer):
    guide = DiagnosisGuideFactory()
    page = whole(client_of(engineer), guide)
    for step in guide.steps.all():
        assert step.text in page
        assert f'id="step-{step.key}"' in page


def test_hazardous_step_is_told_to_who_may_do_it(client_of, engineer, hazardous, gate_says):  # noqa: F811
    gate_says(False)
    page = whole(client_of(engineer), hazardous)
    assert "制冷系统带压" in page, "the warning is for everybody"
    assert "慢慢打开检修阀" not in page
    assert "没有冷库维修资格" in page
    gate_says(True)
    page = whole(client_of(engineer), hazardous)
    assert "慢慢打开检修阀" in page
    assert 'data-open-for="RF-LK"' in page


def test_who_may_only_under_a_guide_is_told_so(client_of, engineer, hazardous, monkeypatch):  # noqa: F811
    reason = Reason("under_guidance", "须在杨振华带教下", met=True, params={"guide_name": "杨振华"})
    monkeypatch.setattr(duty, "_gates", [lambda asked: [DutyAnswer(one, True, [reason]) for one in asked]])
    assert "仅可在杨振华带教下" in whole(client_of(engineer), hazardous)
    step = client_of(engineer).get(f"{hazardous.get_absolute_url()}step/y/?equipment=RF-LK").content.decode()
    assert "慢慢打开检修阀" in step
    assert "仅可在杨振华带教下" in step


def test_a_known_run_goes_on_no_further_than_the_gate_opens(client_of, engineer, hazardous, gate_says):  # noqa: F811
    gate_says(False)
    client, token = client_of(engineer), str(uuid.uuid4())
    assert send(client, hazardous, path="y", result="open", token=token, equipment="RF-LK").status_code == 200
    beyond = send(client, hazardous, path="yy", token=token, equipment="RF-LK")
    assert beyond.status_code == 403
    assert DiagnosisRun.objects.get().path == "y"


def test_nobody_in_particular_is_told_no_hazardous_step(client, hazardous, gate_says):  # noqa: F811
    gate_says(True)
    hazardous.audience = Audience.PUBLIC
    hazardous.save()
    assert "慢慢打开检修阀" not in whole(client, hazardous)


def test_queries_do_not_grow_with_machines(client_of, engineer, gate_says):  # noqa: F811
    gate_says(True)
    counts = []
    client = client_of(engineer)
    for machines in (1, 5):
        models = EquipmentModelFactory.create_batch(machines)
        guide = DiagnosisGuideFactory(category=models[0].category, equipment=models, steps=HAZARD)
        whole(client, guide)
        with CaptureQueriesContext(connection) as asked:
            whole(client, guide)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_run_arrives_once(client_of, engineer, machine):  # noqa: F811
    guide = DiagnosisGuideFactory(category=machine.category, equipment=[machine])
    client, token = client_of(engineer), str(uuid.uuid4())
    first = send(client, guide, token=token, equipment="RF-LK")
    second = send(client, guide, token=token, equipment="RF-LK")
    assert (first.status_code, first.json()) == (200, second.json())
    run = DiagnosisRun.objects.get()
    assert (run.person, run.equipment, run.path, run.result) == (engineer, machine, "yy", RunResult.SOLVED)
    assert run.minutes == 12
    assert run.started_at < timezone.now() - dt.timedelta(minutes=100)


def test_unfinished_run_goes_on_where_it_was(client_of, engineer):
    guide = DiagnosisGuideFactory()
    client, token = client_of(engineer), str(uuid.uuid4())
    send(client, guide, path="", result="open", token=token)
    assert send(client, guide, path="y", result="not_solved", reason="没有工具", token=token).status_code == 200
    run = DiagnosisRun.objects.get()
    assert (run.path, run.result, run.reason) == ("y", RunResult.NOT_SOLVED, "没有工具")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"path": "yyyyy"}, 409),
        ({"path": "abc"}, 422),
        ({"path": "y" * 41}, 422),
        ({"token": "1"}, 422),
        ({"result": "x"}, 422),
        ({"started_at": "yesterday"}, 422),
        ({"ago": dt.timedelta(days=61)}, 422),
        ({"path": "", "result": "solved"}, 422),
    ],
)
def test_what_cannot_be_taken_says_why_and_leaves_nothing(client_of, engineer, fields, status):
    response = send(client_of(engineer), DiagnosisGuideFactory(), **fields)
    assert response.status_code == status
    assert response.json()["reasons"]
    assert not DiagnosisRun.objects.exists()


def test_clock_of_a_phone_that_is_ahead_ends_now(client_of, engineer):
    assert send(client_of(engineer), DiagnosisGuideFactory(), ago=dt.timedelta(days=-3)).status_code == 200
    assert DiagnosisRun.objects.get().ended_at <= timezone.now()


def test_run_past_a_closed_step_is_refused_by_name(client_of, engineer, hazardous, gate_says):  # noqa: F811
    gate_says(False)
    path = "n" if HAZARD[0]["no"] == HAZARD[1]["key"] else "y"
    response = send(client_of(engineer), hazardous, path=f"{path}y", result="open", equipment="RF-LK")
    assert response.status_code == 403
    assert HAZARD[1]["text"] in response.json()["reasons"][0]
    gate_says(True)
    assert send(client_of(engineer), hazardous, path=f"{path}y", result="open", equipment="RF-LK").status_code == 200


def test_token_of_another_person_and_a_hidden_guide_answer_as_nothing(client_of, engineer, client):
    guide, token = DiagnosisGuideFactory(), str(uuid.uuid4())
    send(client_of(engineer), guide, token=token)
    other = PersonFactory(organisation=engineer.organisation)
    assert send(client_of(other), guide, token=token).status_code == 404
    assert send(client, guide).status_code == 404
    assert DiagnosisRun.objects.count() == 1
