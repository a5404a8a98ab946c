"""The file of a person: who opens it and what it shows."""

import pytest
from django.urls import reverse

from certification import ledger
from certification.quizzes.attempts import start_attempt, submit_attempt
from tests.certification.requesting import get
from tests.factories.certification import (
    AttemptFactory,
    StatutoryCertificateFactory,
    certificate_for,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reader", ["technician", "manager", "trainer", "auditor", "administrator"])
def test_who_may_open_the_file(network, client_of, reader):
    HourCreditFactory(person=network["technician"], module=network["module"])
    AttemptFactory(person=network["technician"], quiz=network["quiz"], score=66, is_passed=False)
    certificate_for(network["technician"], network["scheme"])

    response = get(client_of, network[reader], "person", network["technician"].staff_number)

    assert response.status_code == 200
    for text in (network["module"].title, network["quiz"].title, "资格台账", "授予"):
        assert text in response.content.decode()


@pytest.mark.parametrize(
    ("reader", "about"),
    [
        ("colleague", "technician"),
        ("dispatcher", "technician"),
        ("assessor", "technician"),
        ("customer", "technician"),
        ("manager", "stranger"),
        ("trainer", "stranger"),
    ],
)
def test_a_file_out_of_reach_is_not_in_scope_and_says_nothing(network, client_of, reader, about):
    person = network[about]
    seen = get(client_of, network[reader], "person", person.staff_number)
    unknown = get(client_of, network[reader], "person", "NOBODY")

    # Who is of no outlet, such as a customer, does not learn which staff numbers there are.
    assert seen.status_code == (404 if reader == "customer" else 403)
    assert unknown.status_code == 404
    assert ("不在您的范围内" in seen.content.decode()) == (reader != "customer")
    assert person.name not in seen.content.decode()


@pytest.mark.parametrize(
    ("reader", "opens"), [("technician", True), ("manager", True), ("auditor", True), ("trainer", False)]
)
def test_papers_are_linked_for_who_may_open_them_and_no_others(network, client_of, reader, opens):
    number = certificate_for(network["technician"], network["scheme"]).number
    papers = [
        reverse(f"certification:{name}", args=[number])
        for name in ("certificate_pdf", "work_card_pdf", "badge_pdf", "credential")
    ]

    page = get(client_of, network[reader], "person", network["technician"].staff_number).content.decode()

    assert [address in page for address in papers] == [opens] * 4
    assert client_of(network[reader]).get(papers[-1]).status_code == (200 if opens else 404)


def test_file_pins_its_queries(network, client_of, django_assert_max_num_queries):
    person, client = network["technician"], client_of(network["manager"])
    for number in range(3):
        HourCreditFactory(person=person, module=network["module"])
        StatutoryCertificateFactory(person=person)
        ledger.grant(person, full_scheme(), act_key=str(number))
    url = reverse("certification:person", args=[person.staff_number])
    client.get(url)

    with django_assert_max_num_queries(47):
        client.get(url)


def test_attempt_shows_in_the_file_while_it_runs(network, client_of):
    HourCreditFactory(person=network["technician"], module=network["module"])
    attempt = start_attempt(network["technician"], network["quiz"])
    page = get(client_of, network["manager"], "person", network["technician"].staff_number).content.decode()
    submit_attempt(attempt)

    assert "答题中" in page
