"""Pages of overrides, the way there from a refusal, and what the API says."""

import uuid

import pytest
from django.urls import reverse

from certification.models import DutyOverride
from tests.certification.overrides.test_overrides import TODAY, approve

pytestmark = pytest.mark.django_db

PAGE = "/certification/overrides/"


def facts(network, **changed):
    return {
        "person": network["technician"].staff_number,
        "model": network["equipment"].pk,
        "tasks": ["repair"],
        "starts_on": TODAY.isoformat(),
        "ends_on": TODAY.isoformat(),
        "reason": "师傅在场",
        "form_key": uuid.uuid4(),
    } | changed


def question(network):
    return {"person": network["technician"].staff_number, "equipment": network["equipment"].code, "task": "repair"}


def test_manager_comes_from_the_refusal_approves_and_withdraws(network, client_of):
    client = client_of(network["manager"])
    refusal = client.get(reverse("certification:duty"), question(network))
    link = refusal.context["next"].url
    assert link.startswith(PAGE)
    assert link.replace("&", "&amp;") in refusal.content.decode()
    form = client.get(link).context["form"]
    assert form["person"].value() == network["technician"].staff_number
    assert form["tasks"].value() == ["repair"]

    assert client.post(PAGE, facts(network)).status_code == 302
    override = DutyOverride.objects.get()
    assert "师傅在场" in client.get(PAGE).content.decode()
    answer = client.get(reverse("certification:duty"), question(network))
    assert "师傅在场" in answer.content.decode()
    assert "verdict--allowed" in answer.content.decode()

    withdraw = reverse("certification:override_withdraw", args=[override.pk])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "师傅离场"}).status_code == 302
    assert "师傅离场" in client.get(PAGE).content.decode()
    assert "verdict--refused" in client.get(reverse("certification:duty"), question(network)).content.decode()


@pytest.mark.parametrize("who", ["dispatcher", "auditor"])
def test_who_may_not_answer_for_it_gets_no_link(network, client_of, who):
    page = client_of(network[who]).get(reverse("certification:duty"), question(network)).content.decode()
    assert "verdict--refused" in page
    assert "#override" not in page


def test_posts_that_say_too_little_keep_what_was_typed(network, client_of):
    client = client_of(network["manager"])
    for changed in ({"reason": ""}, {"model": ""}, {"ends_on": "2026-04-18"}, {"person": "谁也不是"}, {"tasks": []}):
        response = client.post(PAGE, facts(network, **changed))
        assert response.status_code == 422
        assert response.context["form"].errors
    assert not DutyOverride.objects.exists()


@pytest.mark.parametrize("who", ["technician", "dispatcher", "trainer", "customer"])
def test_others_see_nothing(network, client_of, who):
    override = approve(network)
    client = client_of(network[who])
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, facts(network)).status_code == 403
    withdraw = reverse("certification:override_withdraw", args=[override.pk])
    assert client.post(withdraw, {"reason": "撤销"}).status_code == 404


def test_auditors_read_and_do_not_act(network, client_of):
    override = approve(network)
    client = client_of(network["auditor"])
    page = client.get(PAGE)
    assert "师傅在场指导" in page.content.decode()
    assert page.context["form"] is None
    assert client.post(PAGE, facts(network)).status_code == 403
    withdraw = reverse("certification:override_withdraw", args=[override.pk])
    assert client.post(withdraw, {"reason": "撤销"}).status_code == 403


def test_manager_of_another_branch_neither_sees_nor_makes_it(network, client_of):
    override = approve(network)
    client = client_of(network["far_manager"])
    assert "师傅在场指导" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, facts(network)).status_code == 422
    assert client.get(reverse("certification:override_withdraw", args=[override.pk])).status_code == 404
    assert DutyOverride.objects.count() == 1


def test_list_costs_the_same_however_long(network, client_of, django_assert_max_num_queries):
    client = client_of(network["auditor"])
    approve(network)
    client.get(PAGE)
    with django_assert_max_num_queries(40) as few:
        client.get(PAGE)
    for _number in range(4):
        approve(network)
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)


def test_api_says_it_in_single_answers_and_batches(network, client_of):
    approve(network)
    client = client_of(network["manager"])
    single = client.get("/api/v1/duty", question(network)).json()
    assert single["allowed"]
    assert single["reasons"][0]["code"] == "overridden"
    assert len(single["reasons"]) > 1
    assert single["way_out"]
    batch = client.post("/api/v1/duty/batch", [question(network)], content_type="application/json").json()
    assert batch["rows"][0]["answer"] == single
