"""The duty API: its contract, its refusals, and who may ask."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import APIToken

from certification import ledger
from portal.enums import Role, Tier
from tests.factories.certification import category_of, certificate_for, full_scheme
from tests.factories.portal import (
    EquipmentAliasFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db

URL = "/api/v1/duty"


@pytest.fixture
def world():
    """Two branches of one network; a technician and a dispatcher in the first, a technician in the second."""
    hq = OrganisationFactory()
    west = OrganisationFactory(parent=hq, tier=Tier.REGION)
    east = OrganisationFactory(parent=hq, tier=Tier.REGION)
    scheme = full_scheme()
    equipment = EquipmentModelFactory(code="RF-LK", name="冷库", category=category_of(scheme))
    return {
        "scheme": scheme,
        "equipment": equipment,
        "technician": PersonFactory(organisation=OrganisationFactory(parent=west, tier=Tier.OUTLET)),
        "stranger": PersonFactory(organisation=east),
        "dispatcher": PersonFactory(organisation=west, roles=[Role.DISPATCHER]),
        "manager": PersonFactory(organisation=west, roles=[Role.MANAGER]),
        "auditor": PersonFactory(organisation=hq, roles=[Role.AUDITOR]),
    }


def ask(client, about, **params):
    return client.get(URL, {"person": about.staff_number, "equipment": "RF-LK", **params})


def test_answer_has_exactly_the_agreed_shape(world, client_of):
    certificate = certificate_for(world["technician"], world["scheme"])

    body = ask(client_of(world["dispatcher"]), world["technician"]).json()

    agreed = {"allowed", "task", "reasons", "way_out", "certificates", "only_under", "needs_two", "together"}
    assert set(body) == agreed
    assert body["task"] == "repair"
    assert body["allowed"] is True
    assert [set(reason) for reason in body["reasons"]] == [{"code", "message"}]
    assert body["certificates"] == [
        {
            "number": certificate.number,
            "scheme": world["scheme"].code,
            "name": world["scheme"].name,
            "valid_from": certificate.issued_on.isoformat(),
            "valid_to": certificate.valid_to.isoformat(),
            "grace_until": "",
            "taken_over": "",
        }
    ]


def test_refusal_lists_its_reasons(world, client_of):
    body = ask(client_of(world["dispatcher"]), world["technician"]).json()

    assert body["allowed"] is False
    assert [reason["code"] for reason in body["reasons"]] == [
        "hours_missing",
        "quiz_not_passed",
        "practical_not_signed",
    ]
    assert body["certificates"] == []


def test_yesterday_and_earlier_knowledge_are_refused(world, client_of):
    certificate_for(world["technician"], world["scheme"])
    client = client_of(world["dispatcher"])
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    assert ask(client, world["technician"], on=yesterday.isoformat()).json()["allowed"] is False
    assert ask(client, world["technician"], known_at=yesterday.isoformat()).json()["allowed"] is False
    assert ask(client, world["technician"], known_at=timezone.now().isoformat()).json()["allowed"] is True


@pytest.mark.parametrize(
    ("known_at", "allowed"),
    [
        ("2026-11-26", True),
        ("2026/11/26", True),
        ("２０２６－１１－２６", True),
        ("2026年11月26日", True),
        ("2026-11-26T13:01:00+08:00", True),
        ("2026-11-26 13:01", True),
        ("2026-11-26T05:01Z", True),
        ("2026-11-26T13:00:59", False),
        ("2026-11-25", False),
    ],
)
def test_a_day_alone_bounds_knowledge_at_its_end(world, client_of, known_at, allowed):
    """A grant of 13:01 belongs to what was known when that day was over."""
    with time_machine.travel("2026-11-26 05:01:00Z", tick=False):
        certificate_for(world["technician"], world["scheme"])
    with time_machine.travel("2026-11-30 04:00:00Z", tick=False):
        answer = ask(client_of(world["dispatcher"]), world["technician"], on="2026.11.26", known_at=known_at)

    assert answer.json()["allowed"] is allowed


@pytest.mark.parametrize("name", ["RF-LK", "rf-lk", "冷库", "冻库"])
def test_equipment_by_code_name_or_alias(world, client_of, name):
    EquipmentAliasFactory(model=world["equipment"], name="冻库")

    assert ask(client_of(world["dispatcher"]), world["technician"], equipment=name).status_code == 200


@pytest.mark.parametrize("asker", ["technician", "dispatcher", "manager", "auditor"])
def test_who_may_ask_about_the_technician(world, client_of, asker):
    assert ask(client_of(world[asker]), world["technician"]).status_code == 200


@pytest.mark.parametrize(
    ("asker", "about"),
    [("technician", "stranger"), ("stranger", "technician"), ("dispatcher", "stranger"), ("manager", "stranger")],
)
def test_colleague_out_of_reach_is_not_called_unknown(world, client_of, asker, about):
    seen = ask(client_of(world[asker]), world[about])
    unknown = client_of(world[asker]).get(URL, {"person": "NOBODY", "equipment": "RF-LK"})

    assert (seen.status_code, seen.json()["code"]) == (403, "person_out_of_scope")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_person")
    assert "allowed" not in seen.json()


def test_anonymous_is_told_to_sign_in(world, client_of):
    response = ask(client_of(), world["technician"])

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Bearer"


def test_bearer_token_asks_in_the_name_of_its_owner(world, client_of):
    _token, secret = APIToken.create_token(user=world["dispatcher"], name="派工系统")
    client = client_of()

    good = client.get(
        URL,
        {"person": world["technician"].staff_number, "equipment": "RF-LK"},
        headers={"Authorization": f"Bearer {secret}"},
    )
    out_of_sight = client.get(
        URL,
        {"person": world["stranger"].staff_number, "equipment": "RF-LK"},
        headers={"Authorization": f"Bearer {secret}"},
    )
    wrong = client.get(
        URL,
        {"person": world["technician"].staff_number, "equipment": "RF-LK"},
        headers={"Authorization": "Bearer wrong"},
    )

    assert (good.status_code, out_of_sight.status_code, wrong.status_code) == (200, 403, 401)


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"person": "X999"}, 404, "unknown_person"),
        ({"equipment": "飞碟"}, 404, "unknown_equipment"),
        ({"equipment": ""}, 404, "unknown_equipment"),
        ({"on": "2026-02-30"}, 422, "impossible_date"),
        ({"on": "18/03/2026"}, 422, "impossible_date"),
        ({"on": "20260318' OR 1=1"}, 422, "impossible_date"),
        ({"known_at": "前天"}, 422, "impossible_moment"),
        ({"known_at": "2026-13-01T00:00:00Z"}, 422, "impossible_moment"),
    ],
)
def test_wrong_input_is_a_problem_that_helps(world, client_of, params, status, code):
    response = ask(client_of(world["dispatcher"]), world["technician"], **params)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]


def test_missing_parameters_are_named(world, client_of):
    response = client_of(world["dispatcher"]).get(URL, {"person": "T001"})

    assert response.status_code == 422
    assert "equipment" in response.json()["detail"]


def test_one_alias_of_two_machines_is_not_guessed(world, client_of):
    for _number in range(2):
        EquipmentAliasFactory(name="冰柜")

    response = ask(client_of(world["dispatcher"]), world["technician"], equipment="冰柜")

    assert (response.status_code, response.json()["code"]) == (422, "ambiguous_equipment")


def test_suspension_shows_at_once(world, client_of):
    certificate_for(world["technician"], world["scheme"], days_ago=3)
    ledger.suspend(world["technician"], world["scheme"], reason="违章作业", act_key="s", by=world["manager"])

    body = ask(client_of(world["dispatcher"]), world["technician"]).json()

    assert [reason["code"] for reason in body["reasons"]] == ["suspended"]


def test_answer_in_the_language_of_the_caller(world, client_of):
    client = client_of(world["dispatcher"])
    params = {"person": world["technician"].staff_number, "equipment": "RF-LK"}

    chinese = client.get(URL, params).json()["reasons"][0]["message"]
    english = client.get(URL, params, headers={"Accept-Language": "en"}).json()["reasons"][0]["message"]

    assert english.startswith("Hours missing")
    assert chinese.startswith("学时不足")


def test_duty_api_pins_its_queries(world, client_of, django_assert_num_queries):
    client = client_of(world["dispatcher"])
    certificate_for(world["technician"], world["scheme"])
    # The last three keep the question: one statement, between savepoints within the transaction of a test.
    with time_machine.travel(timezone.now(), tick=False), django_assert_num_queries(14):
        ask(client, world["technician"])
