"""A guide followed on the phone: one step a screen, hazardous work for who may do it, results recorded."""

import uuid

import pytest

from kb.enums import RunResult, StepKind
from kb.models import DiagnosisRun
from portal.enums import Audience, Task
from portal.registry import duty
from portal.registry.duty import DutyAnswer, Reason
from tests.factories.kb import SHORT_TREE, DiagnosisGuideFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory

pytestmark = pytest.mark.django_db

HAZARD = [
    {**SHORT_TREE[0]},
    {**SHORT_TREE[1], "task": Task.REPAIR, "warning": "制冷系统带压", "detail": "慢慢打开检修阀"},
    *SHORT_TREE[2:],
]


@pytest.fixture
def machine():
    return EquipmentModelFactory(name="冷库", code="RF-LK")


@pytest.fixture
def hazardous(machine):
    """A guide whose second question is work for who may repair."""
    return DiagnosisGuideFactory(number="DG-1", category=machine.category, equipment=[machine], steps=HAZARD)


@pytest.fixture
def gate_says(monkeypatch):
    """Let the gate answer as told."""

    def set_answer(allowed):
        reasons = [Reason("no_scheme", "没有冷库维修资格", met=allowed)]
        monkeypatch.setattr(
            duty, "_gates", [lambda asked: [DutyAnswer(question, allowed, reasons) for question in asked]]
        )

    return set_answer


def page(response):
    return response.content.decode()


def start(client, guide, **fields):
    return client.post(guide.get_absolute_url(), {"token": str(uuid.uuid4()), **fields})


def test_guide_is_followed_from_start_to_solution(client_of, engineer, machine):
    guide = DiagnosisGuideFactory(category=machine.category, equipment=[machine])
    client = client_of(engineer)
    begun = start(client, guide, equipment="RF-LK")
    run = DiagnosisRun.objects.get()
    assert begun.url == f"/kb/diagnosis/{guide.number}/step/?run={run.token}"
    assert (run.person, run.equipment) == (engineer, machine)
    second = client.post(begun.url, {"answer": "y"})
    assert second.url == f"/kb/diagnosis/{guide.number}/step/y/?run={run.token}"
    third = client.post(second.url, {"answer": "y"})
    assert "清洗冷凝器" in page(client.get(third.url))
    ended = client.post(third.url, {"result": "solved"}, follow=True)
    assert "已记录，谢谢。" in page(ended)
    run.refresh_from_db()
    assert (run.path, run.result) == ("yy", RunResult.SOLVED)


def test_start_needs_a_machine_where_there_are_several(client_of, engineer, machine):
    other = EquipmentModelFactory(category=machine.category)
    guide = DiagnosisGuideFactory(category=machine.category, equipment=[machine, other])
    response = start(client_of(engineer), guide)
    assert response.status_code == 422
    assert not DiagnosisRun.objects.exists()


def test_guide_of_a_category_offers_its_machines(client_of, engineer, machine):
    below = EquipmentCategoryFactory(parent=machine.category)
    deeper = EquipmentModelFactory(category=below, code="RF-DEEP")
    EquipmentModelFactory(code="GS-OTHER")
    guide = DiagnosisGuideFactory(category=machine.category)
    assert [found.code for found in guide.machines()] == [deeper.code, machine.code]


def test_guide_without_machines_asks_for_none(client_of, engineer):
    guide = DiagnosisGuideFactory()
    assert start(client_of(engineer), guide).status_code == 302
    assert DiagnosisRun.objects.get().equipment is None


def test_back_and_earlier_answers_are_links(client_of, engineer, machine):
    guide = DiagnosisGuideFactory(number="DG-1", category=machine.category, equipment=[machine])
    html = page(client_of(engineer).get("/kb/diagnosis/DG-1/step/yy/"))
    assert html.count('href="/kb/diagnosis/DG-1/step/y/"') == 2
    assert 'href="/kb/diagnosis/DG-1/step/"' in html
    assert guide.title in html


def test_path_the_guide_lost_leads_back_to_what_stands(client_of, engineer):
    DiagnosisGuideFactory(number="DG-1")
    response = client_of(engineer).get("/kb/diagnosis/DG-1/step/nyy/")
    assert (response.status_code, response.url) == (302, "/kb/diagnosis/DG-1/step/n/")


@pytest.mark.parametrize("address", ["/kb/diagnosis/DG-9/", "/kb/diagnosis/DG-9/step/", "/kb/diagnosis/DG-1/step/xz/"])
def test_what_is_not_there_is_not_found(client_of, engineer, address):
    DiagnosisGuideFactory(number="DG-1")
    DiagnosisGuideFactory(number="DG-9", published=False)
    assert client_of(engineer).get(address).status_code == 404


def test_warning_is_shown_to_everybody_and_the_work_to_who_may(client_of, engineer, hazardous, gate_says):
    client = client_of(engineer)
    gate_says(False)
    refused = page(client.get("/kb/diagnosis/DG-1/step/y/"))
    assert "制冷系统带压" in refused
    assert "没有冷库维修资格" in refused
    assert "慢慢打开检修阀" not in refused
    assert 'name="answer"' not in refused
    gate_says(True)
    allowed = page(client.get("/kb/diagnosis/DG-1/step/y/"))
    assert "制冷系统带压" in allowed
    assert "慢慢打开检修阀" in allowed
    assert 'name="answer"' in allowed


def test_hazardous_step_is_not_answered_by_who_may_not(client_of, engineer, hazardous, gate_says):
    gate_says(False)
    response = client_of(engineer).post("/kb/diagnosis/DG-1/step/y/", {"answer": "y"})
    assert response.status_code == 403
    assert not DiagnosisRun.objects.exists()


def test_one_who_may_not_is_told_who_near_them_may(client_of, engineer, readers, hazardous, gate_says, monkeypatch):
    gate_says(False)
    asked = []

    def finder(asker, equipment, task, on, limit):
        asked.append((asker, equipment, task))
        return [readers["trainer"]]

    monkeypatch.setattr(duty, "_finders", [finder])
    html = page(client_of(engineer).get("/kb/diagnosis/DG-1/step/y/"))
    assert readers["trainer"].name in html
    assert asked == [(engineer, hazardous.machines()[0], Task.REPAIR)]


def test_machine_is_asked_for_where_the_address_does_not_say_it(client_of, engineer, machine, gate_says):
    gate_says(True)
    other = EquipmentModelFactory(category=machine.category, name="冰柜")
    DiagnosisGuideFactory(number="DG-1", category=machine.category, equipment=[machine, other], steps=HAZARD)
    client = client_of(engineer)
    html = page(client.get("/kb/diagnosis/DG-1/step/y/"))
    assert 'href="?equipment=RF-LK"' in html
    assert "慢慢打开检修阀" not in html
    assert "慢慢打开检修阀" in page(client.get("/kb/diagnosis/DG-1/step/y/?equipment=RF-LK"))


def test_customer_is_told_to_call_and_never_asked_about(client_of, readers, machine, gate_says):
    gate_says(True)
    DiagnosisGuideFactory(
        number="DG-1", category=machine.category, equipment=[machine], steps=HAZARD, audience=Audience.PUBLIC
    )
    for reader in (None, readers["customer"]):
        html = page(client_of(reader).get("/kb/diagnosis/DG-1/step/y/"))
        assert "这一步由持证人员完成" in html
        assert "慢慢打开检修阀" not in html


def test_colleagues_address_starts_a_run_of_ones_own(client_of, engineer, readers):
    guide = DiagnosisGuideFactory()
    first = start(client_of(engineer), guide)
    client_of(readers["trainer"]).post(first.url, {"answer": "n"})
    assert list(DiagnosisRun.objects.order_by("pk").values_list("person", "path")) == [
        (engineer.pk, ""),
        (readers["trainer"].pk, "n"),
    ]


def test_result_other_than_an_end_says_is_refused(client_of, engineer):
    DiagnosisGuideFactory(number="DG-1")
    client = client_of(engineer)
    assert client.post("/kb/diagnosis/DG-1/step/y/", {"result": "solved"}).status_code == 422
    assert client.post("/kb/diagnosis/DG-1/step/yy/", {"result": "perhaps"}).status_code == 422
    assert not DiagnosisRun.objects.exclude(result=RunResult.OPEN).exists()


def test_giving_up_keeps_the_reason(client_of, engineer):
    DiagnosisGuideFactory(number="DG-1")
    client_of(engineer).post("/kb/diagnosis/DG-1/step/y/", {"result": "not_solved", "reason": "没有压力表"})
    run = DiagnosisRun.objects.get()
    assert (run.last_key, run.result, run.reason) == ("2", RunResult.NOT_SOLVED, "没有压力表")


@pytest.mark.parametrize("guides", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client_of, engineer, django_assert_num_queries, guides):
    for _guide in range(guides):
        DiagnosisGuideFactory(equipment=[EquipmentModelFactory()])
    client = client_of(engineer)
    client.get("/kb/diagnosis/")
    with django_assert_num_queries(9):
        assert page(client.get("/kb/diagnosis/")).count('class="hit"') == guides


def test_step_takes_few_queries_however_long_the_way(client_of, engineer, django_assert_num_queries):
    DiagnosisGuideFactory(number="DG-1")
    client = client_of(engineer)
    client.get("/kb/diagnosis/DG-1/step/")
    for path in ("", "y/", "yn/"):
        with django_assert_num_queries(11):
            client.get(f"/kb/diagnosis/DG-1/step/{path}")


@pytest.mark.parametrize("audience", [Audience.STAFF, Audience.CUSTOMERS, Audience.RESTRICTED])
def test_strangers_neither_see_nor_follow_what_is_not_for_them(client_of, audience):
    guide = DiagnosisGuideFactory(number="DG-1", audience=audience, title="机密向导标题")
    client = client_of()
    assert "机密向导标题" not in page(client.get("/kb/diagnosis/"))
    for address in (guide.get_absolute_url(), "/kb/diagnosis/DG-1/step/", "/kb/diagnosis/DG-1/step/y/"):
        assert client.get(address).status_code in (302, 404)
        assert client.post(address, {"answer": "y"}).status_code in (302, 404)
    assert not DiagnosisRun.objects.exists()


def test_runs_without_account_are_limited(client_of):
    DiagnosisGuideFactory(number="DG-1", audience=Audience.PUBLIC)
    client = client_of()
    codes = {client.post("/kb/diagnosis/DG-1/step/", {"answer": "n"}).status_code for _time in range(125)}
    assert codes == {302, 429}


def test_guides_stand_on_the_page_of_the_knowledge_base(client_of, engineer):
    DiagnosisGuideFactory()
    assert 'href="/kb/diagnosis/"' in page(client_of(engineer).get("/kb/"))


def test_escalation_offers_to_hand_over(client_of, engineer):
    DiagnosisGuideFactory(number="DG-1")
    client = client_of(engineer)
    assert 'value="escalated"' in page(client.get("/kb/diagnosis/DG-1/step/n/"))
    client.post("/kb/diagnosis/DG-1/step/n/", {"result": "escalated"})
    assert DiagnosisRun.objects.get().result == RunResult.ESCALATED


def test_steps_of_every_kind_have_their_buttons(client_of, engineer):
    DiagnosisGuideFactory(number="DG-1")
    client = client_of(engineer)
    buttons = {"": 'value="y"', "yy/": 'value="solved"', "n/": 'value="escalated"'}
    assert len(buttons) == len(StepKind)
    for path, button in buttons.items():
        html = page(client.get(f"/kb/diagnosis/DG-1/step/{path}"))
        assert [other in html for other in buttons.values()] == [other == button for other in buttons.values()]
