"""The list of certificates: who sees which, what is exported, many papers in one PDF."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certification import ledger
from certification.certificates import listing
from certification.certificates.printing import facts_of
from portal.models import AuditEvent
from tests.factories.certification import certificate_for, full_scheme
from tests.factories.portal import AssignmentFactory

pytestmark = pytest.mark.django_db
LIST = reverse("certification:certificates")


def papers(paper):
    return reverse("certification:certificates_print", args=[paper])


@pytest.fixture
def issued(network):
    """Certificates of three people, the last in the other branch."""
    return [
        certificate_for(network[name], network["scheme"], days_ago=days)
        for name, days in (("technician", 10), ("colleague", 5), ("stranger", 0))
    ]


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("manager", [True, True, False]),
        ("far_manager", [False, False, True]),
        ("auditor", [True] * 3),
        ("administrator", [True] * 3),
    ],
)
def test_managers_see_their_branch_and_network_roles_everybody(network, client_of, issued, reader, seen):
    page = client_of(network[reader]).get(LIST).content.decode()

    assert [certificate.number in page for certificate in issued] == seen


@pytest.mark.parametrize("reader", ["technician", "dispatcher", "trainer", "assessor", "customer"])
@pytest.mark.parametrize("address", [LIST, papers("certificates"), papers("work-cards")])
def test_for_everybody_else_the_list_is_closed(network, client_of, issued, reader, address):
    assert client_of(network[reader]).get(address).status_code == 403


@pytest.mark.parametrize(("paper", "pages"), [("certificates", 1), ("work-cards", 2)])
def test_one_pdf_holds_the_papers_of_the_list(network, client_of, issued, paper, pages):
    response = client_of(network["manager"]).get(papers(paper))

    read = PdfReader(io.BytesIO(response.content)).pages
    assert len(read) == 2 * pages
    names = sorted((network[name].staff_number, network[name].name) for name in ("technician", "colleague"))
    assert [name in read[at * pages].extract_text() for at, (_number, name) in enumerate(names)] == [True, True]
    assert AuditEvent.objects.filter(actor=network["manager"], action__endswith="printed").count() == 2


def test_one_strange_name_does_not_refuse_the_others(network, client_of, issued):
    network["colleague"].name = "杨𠀀"
    network["colleague"].save()

    text = "".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(client_of(network["manager"]).get(papers("certificates")).content)).pages
    )

    assert network["technician"].name in text
    assert "杨 〔U+20000〕" in text


def test_what_was_taken_away_is_left_out_and_named(network, client_of, issued):
    ledger.suspend(network["colleague"], network["scheme"], reason="x", act_key="s", by=None)
    client = client_of(network["manager"])

    response = client.get(papers("certificates"))

    assert len(PdfReader(io.BytesIO(response.content)).pages) == 1
    assert f"{network['colleague'].name} {issued[1].number}" in client.get(LIST).content.decode()


def test_a_list_with_nothing_to_print_says_so(network, client_of):
    response = client_of(network["manager"]).get(papers("certificates"))

    assert response.status_code == 409
    assert "没有可打印的证书" in response.content.decode()


def test_a_list_too_long_for_one_pdf_says_how_many_it_takes(network, client_of, issued, monkeypatch):
    monkeypatch.setattr(listing, "MOST_PAPERS", 1)

    response = client_of(network["manager"]).get(papers("certificates"))

    assert response.status_code == 422
    assert "2 张证书" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"start": "2026-03-10"}, 1),
        ({"end": "2026-03-10"}, 1),
        ({"start": "2026-03-08", "end": "2026-03-13"}, 2),
        ({"scheme": "nothing"}, 2),
        ({"start": "2026-02-30"}, 2),
        ({"page": "999"}, 2),
        ({"page": "x"}, 2),
    ],
)
def test_the_list_is_narrowed_and_bears_wrong_input(network, client_of, issued, asked, found):
    response = client_of(network["manager"]).get(LIST, asked)

    assert response.status_code == 200
    assert len(response.context["rows"]) == found


def test_the_branch_narrows_the_list(network, client_of, issued):
    page = client_of(network["auditor"]).get(LIST, {"organisation": network["outlet"].code})

    assert {row.certificate.number for row in page.context["rows"]} == {issued[0].number, issued[1].number}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_pins_its_queries(network, client_of, number, django_assert_max_num_queries):
    for _ in range(number):
        certificate_for(network["technician"], full_scheme())
    client = client_of(network["manager"])
    client.get(LIST)
    with django_assert_max_num_queries(24):
        client.get(LIST)


@pytest.mark.parametrize("number", [1, 3])
def test_facts_of_papers_take_a_fixed_number_of_queries(network, issued, number, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert len(facts_of(issued[:number])) == number


def test_list_file_and_branch_name_where_the_holder_works_today(network, client_of, issued):
    holder, home = network["technician"], network["technician"].organisation
    there = network["stranger"].organisation
    holder.assignments.update(end=timezone.localdate() - dt.timedelta(days=1))
    AssignmentFactory(person=holder, organisation=there, start=timezone.localdate())
    client = client_of(network["auditor"])

    def rows(**asked):
        found = client.get(LIST, asked).context["rows"]
        return {row.certificate.number: row.certificate.person.place_names for row in found}

    assert rows()[issued[0].number] == there.name
    assert rows(organisation=there.code)[issued[0].number] == there.name
    assert issued[0].number not in rows(organisation=home.code)
    table = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig")
    assert there.name in next(line for line in table.splitlines() if issued[0].number in line)
    facts = facts_of([issued[0]])
    assert facts[0]["holder"].place_names == there.name
