"""The skills matrix: whose lamps, filters, paging."""

import pytest
from django.urls import reverse

from tests.certification.requesting import get
from tests.factories.certification import (
    certificate_for,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def test_matrix_shows_lamps_of_the_branch_only(network, client_of):
    certificate_for(network["colleague"], network["scheme"])
    certificate_for(network["stranger"], network["scheme"])

    page = get(client_of, network["manager"], "matrix").content.decode()

    assert "杨振华" in page
    assert "lamp--green" in page
    assert "赵明远" not in page


def test_matrix_is_filtered_by_organisation_and_name(network, client_of):
    page = get(client_of, network["auditor"], "matrix", organisation=network["outlet"].code).content.decode()
    named = get(client_of, network["auditor"], "matrix", q="赵明").content.decode()

    assert "林小川" in page
    assert "赵明远" not in page
    assert "赵明远" in named
    assert "林小川" not in named


@pytest.mark.parametrize("address", ["matrix", "works"])
@pytest.mark.parametrize("typed", ["{number}", "证书编号：{number}", "{short}", "{card}", "{file}", "{both}"])
def test_matrix_is_found_by_papers_and_scans_as_the_gate_is(network, client_of, address, typed):
    certificate = certificate_for(network["colleague"], network["scheme"])
    number, site = network["colleague"].staff_number, "https://portal.of-a-large-organisation.example.org"
    written = typed.format(
        number=certificate.number,
        short=certificate.short_number.lower(),
        card=f"{site}{reverse('verify:certificate', args=[certificate.number])}",
        file=f"{site}/certification/people/{number}/",
        both=f"杨振华 {number}",
    )

    answer = get(client_of, network["auditor"], address, q=written).content.decode()

    assert "杨振华</a>" in answer
    assert "林小川" not in answer


def test_matrix_finds_nobody_of_another_branch_by_their_paper(network, client_of):
    number = certificate_for(network["stranger"], network["scheme"]).number

    assert "赵明远" not in get(client_of, network["manager"], "matrix", q=number).content.decode()


def test_matrix_pages_and_pins_its_queries(network, client_of, django_assert_max_num_queries):
    for _number in range(25):
        certificate_for(PersonFactory(organisation=network["outlet"]), network["scheme"])
    client = client_of(network["manager"])
    client.get(reverse("certification:matrix"))

    with django_assert_max_num_queries(42):
        first = client.get(reverse("certification:matrix"))
    assert len(first.context["rows"]) == 20
    assert len(client.get(reverse("certification:matrix"), {"page": 2}).context["rows"]) > 5


@pytest.mark.parametrize("page", ["matrix", "coverage"])
@pytest.mark.parametrize("reader", ["technician", "trainer", "assessor", "customer"])
def test_surveys_are_for_who_sends_people(network, client_of, page, reader):
    assert get(client_of, network[reader], page).status_code == 403
