"""Work for two: both are asked about, on the page and through the API, and who is missing is named."""

import pytest
from django.urls import reverse

from certification import ledger
from certification.models import DutyInquiry, Scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(network):
    """The technician may do the work, which takes two."""
    Scheme.objects.filter(pk=network["scheme"].pk).update(needs_two=True)
    ledger.grant(network["technician"], network["scheme"], act_key="t")
    return network


def asked(network, **given):
    return {"person": network["technician"].staff_number, "equipment": "RF-LK"} | given


def test_the_page_asks_for_the_second_person(two, client_of):
    client = client_of(two["dispatcher"])
    page = client.get(reverse("certification:duty"), asked(two))
    assert page.context["needs_two"]
    assert page.context["pair"] is None
    assert 'name="second"' in page.content.decode()


def test_the_page_says_who_of_the_two_is_missing(two, client_of):
    client = client_of(two["dispatcher"])
    page = client.get(reverse("certification:duty"), asked(two, second=two["colleague"].staff_number))
    pair = page.context["pair"]
    assert not pair.allowed
    assert [answer.person for answer in pair.missing] == [two["colleague"]]
    assert pair.words in page.content.decode()
    assert {row.person for row in DutyInquiry.objects.all()} == {two["technician"], two["colleague"]}
    ledger.grant(two["colleague"], two["scheme"], act_key="c")
    page = client.get(reverse("certification:duty"), asked(two, second=two["colleague"].staff_number))
    assert page.context["pair"].allowed


def test_the_api_answers_for_both(two, client_of):
    client = client_of(two["dispatcher"])
    alone = client.get("/api/v1/duty", asked(two)).json()
    assert (alone["allowed"], alone["needs_two"], alone["together"]) == (True, True, None)
    both = client.get("/api/v1/duty", asked(two, second=two["colleague"].staff_number)).json()
    assert both["allowed"]
    assert not both["together"]["allowed"]
    (missing,) = both["together"]["missing"]
    assert missing["staff_number"] == two["colleague"].staff_number
    assert missing["reasons"]


def test_one_person_is_not_two_and_a_stranger_is_not_told(two, client_of):
    client = client_of(two["dispatcher"])
    same = client.get("/api/v1/duty", asked(two, second=two["technician"].staff_number))
    assert (same.status_code, same.json()["code"]) == (422, "two_are_one")
    assert (
        client.get(reverse("certification:duty"), asked(two, second=two["technician"].staff_number)).status_code == 422
    )
    assert client.get("/api/v1/duty", asked(two, second=two["stranger"].staff_number)).status_code in (403, 404)
