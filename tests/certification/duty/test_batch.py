"""Many duty questions in one request: rows in order, problems as data, a fixed number of queries."""

import json

import pytest
from django.utils import timezone
from wagtail.models import APIToken

from certification.models import LedgerEntry
from portal.enums import Role, Task, Tier
from tests.factories.certification import SchemeFactory, category_of, certificate_for
from tests.factories.portal import (
    EquipmentAliasFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db

URL = "/api/v1/duty/batch"


@pytest.fixture
def world():
    """A certified technician and a dispatcher of the same branch, somebody of another, a cold room."""
    hq = OrganisationFactory(code="HQ")
    west = OrganisationFactory(parent=hq, tier=Tier.REGION)
    scheme = SchemeFactory(tasks=[Task.REPAIR])
    technician = PersonFactory(organisation=west)
    certificate_for(technician, scheme)
    return {
        "technician": technician,
        "colleague": PersonFactory(organisation=west),
        "dispatcher": PersonFactory(organisation=west, roles=[Role.DISPATCHER]),
        "stranger": PersonFactory(organisation=OrganisationFactory(parent=hq, tier=Tier.REGION)),
        "equipment": EquipmentModelFactory(code="RF-LK", name="冷库", category=category_of(scheme)),
        "post": PositionFactory(organisation=hq, title="仓管员"),
    }


def post(client, questions, **headers):
    return client.post(URL, json.dumps(questions), content_type="application/json", headers=headers)


def about(person, **question):
    return {"person": person.staff_number, "equipment": "RF-LK"} | question


def test_rows_are_answered_in_order_and_by_task(world, client_of):
    technician = world["technician"]
    questions = [
        about(technician, task="operate"),
        about(technician),
        about(technician, equipment="冷库", task="维修"),
        {"person": technician.staff_number, "position": "仓管员"},
        about(world["colleague"]),
    ]

    rows = post(client_of(world["dispatcher"]), questions).json()["rows"]

    assert [row["problem"] for row in rows] == [None] * 5
    assert [row["answer"]["allowed"] for row in rows] == [False, True, True, True, False]
    assert [row["answer"]["task"] for row in rows] == ["operate", "repair", "repair", None, "repair"]
    assert rows[4]["answer"]["way_out"][0]["code"] == rows[4]["answer"]["reasons"][0]["code"] == "not_granted"


def test_each_row_has_the_answer_of_the_single_question(world, client_of):
    client = client_of(world["dispatcher"])
    question = about(world["technician"], task="repair")

    (row,) = post(client, [question]).json()["rows"]

    single = client.get("/api/v1/duty", question).json()
    assert row["answer"] == single


def test_problems_stay_in_their_rows(world, client_of):
    technician = world["technician"]
    for _number in range(2):
        EquipmentAliasFactory(name="冰柜")
        PositionFactory(title="接待员", organisation=OrganisationFactory(parent=world["post"].organisation))
    questions = [
        about(technician) | {"person": "NOBODY"},
        about(world["stranger"]),
        about(technician, equipment="飞碟"),
        about(technician, equipment="冰柜"),
        about(technician, task="demolish"),
        about(technician, on="2026-02-30"),
        about(technician, known_at="前天"),
        about(technician, position="仓管员"),
        {"person": technician.staff_number},
        {"person": technician.staff_number, "position": "厂长"},
        {"person": technician.staff_number, "position": "接待员"},
        about(technician),
    ]

    response = post(client_of(world["dispatcher"]), questions)

    rows = response.json()["rows"]
    assert response.status_code == 200
    assert [(row["problem"]["status"], row["problem"]["code"]) for row in rows[:-1]] == [
        (404, "unknown_person"),
        (403, "person_out_of_scope"),
        (404, "unknown_equipment"),
        (422, "ambiguous_equipment"),
        (422, "unknown_task"),
        (422, "impossible_date"),
        (422, "impossible_moment"),
        (422, "not_one_subject"),
        (422, "not_one_subject"),
        (404, "unknown_position"),
        (422, "ambiguous_position"),
    ]
    assert all(row["problem"]["detail"] and row["answer"] is None for row in rows[:-1])
    assert rows[-1]["answer"]["allowed"] is True


def test_who_may_ask_about_nobody_asks_about_themselves(world, client_of):
    questions = [about(world["technician"]), about(world["colleague"])]

    rows = post(client_of(world["technician"]), questions).json()["rows"]

    assert rows[0]["answer"]["allowed"] is True
    assert rows[1]["problem"]["code"] == "person_out_of_scope"


def test_thousand_are_answered_and_one_more_is_refused(world, client_of):
    client, question = client_of(world["dispatcher"]), about(world["technician"])

    full, over, none = (post(client, [question] * number) for number in (1000, 1001, 0))

    assert [row["answer"]["allowed"] for row in full.json()["rows"]] == [True] * 1000
    assert (over.status_code, over.json()["code"]) == (422, "too_many_questions")
    assert none.json() == {"rows": []}


def test_queries_do_not_grow_with_the_rows(world, client_of, django_assert_num_queries):
    client = client_of(world["dispatcher"])
    people = [PersonFactory(organisation=world["technician"].organisation) for _number in range(20)]
    machines = [EquipmentModelFactory() for _number in range(5)]
    few = [about(world["technician"]), {"person": people[0].staff_number, "position": "仓管员"}]
    # One is refused, so that the ways out of it are looked up.
    few.append(about(people[0], equipment=machines[0].code))
    many = few + [about(person, equipment=machine.code) for person in people for machine in machines]
    post(client, few)

    # Three keep the questions: one statement, between savepoints within the transaction of a test.
    with django_assert_num_queries(16):
        post(client, few)
    with django_assert_num_queries(16):
        post(client, many)


def test_asking_again_gives_the_same_and_writes_nothing(world, client_of):
    client, entries = client_of(world["dispatcher"]), LedgerEntry.objects.count()
    questions = [about(world["technician"], on=timezone.localdate().isoformat()), about(world["colleague"])]

    first, second = (post(client, questions).json() for _time in range(2))

    assert first == second
    assert LedgerEntry.objects.count() == entries


def test_bearer_token_asks_and_nobody_else_does(world, client_of):
    _token, secret = APIToken.create_token(user=world["dispatcher"], name="roster")
    questions = [about(world["technician"])]

    good = post(client_of(), questions, Authorization=f"Bearer {secret}")
    anonymous = post(client_of(), questions)

    assert good.json()["rows"][0]["answer"]["allowed"] is True
    assert anonymous.status_code == 401


@pytest.mark.parametrize("body", ["", "{}", '[{"person": 1}]'])
def test_malformed_body_is_a_problem(world, client_of, body):
    response = client_of(world["dispatcher"]).post(URL, body, content_type="application/json")

    assert response.status_code in (400, 422)
