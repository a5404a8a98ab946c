"""Licences and insurances of places: recorded by who keeps them, listed, exported; reminders of them and of cards."""

import datetime as dt
import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from certification.enums import CardState
from certification.models import CompanyDocument
from certification.permissions import keepers_of, keepers_of_each
from certification.statutory.company import documents_in_sight, record_document, withdraw_document
from certification.statutory.errors import DocumentTwice, NotYourPlace
from certification.statutory.reminders import _cards, milestone, remind_of_statutory
from portal.models import Person
from tests.factories.certification import StatutoryCertificateFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def record(place, by, *, number="N-1", days=45, **facts):
    today = timezone.localdate()
    # Read anew: places of the tree move when another is added before them.
    by = Person.objects.get(pk=by.pk) if by else None
    first, last = today - dt.timedelta(days=300), today + dt.timedelta(days=days)
    return record_document(place, "insurance", "公众责任险", number, valid_from=first, valid_to=last, by=by, **facts)


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    return SimpleUploadedFile("scan.png", out.getvalue())


def test_recorded_once_by_who_keeps_the_place(network):
    found = record(network["outlet"], network["manager"])

    assert found.state_on(timezone.localdate()) == CardState.EXPIRING
    with pytest.raises(DocumentTwice):
        record(network["outlet"], network["manager"])
    for who in ("technician", "dispatcher", "auditor"):
        with pytest.raises(NotYourPlace):
            record(network["outlet"], network[who], number="N-2")
    with pytest.raises(NotYourPlace):
        record(OrganisationFactory(), network["manager"], number="N-3")


def test_form_records_with_a_scan_and_the_page_shows_it(network, client_of):
    client, today = client_of(network["manager"]), timezone.localdate()
    facts = {"organisation": network["outlet"].pk, "kind": "licence", "name": "资质", "number": "L-1", "lead_days": 60}
    days = {"valid_from": today, "valid_to": today + dt.timedelta(days=365)}

    answer = client.post(reverse("certification:company_document_new"), facts | days | {"scan": picture()})
    found = CompanyDocument.objects.get()
    scan = client.get(reverse("certification:company_document_scan", args=[found.pk]))

    assert answer.status_code == 302
    assert b"".join(scan.streaming_content).startswith(b"\x89PNG")
    assert "资质" in client.get(reverse("certification:company_documents")).content.decode()
    bad = facts | days | {"number": "L-2", "scan": SimpleUploadedFile("x.png", b"no picture")}
    refused = client.post(reverse("certification:company_document_new"), bad)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["scan"])
    assert CompanyDocument.objects.count() == 1


@pytest.mark.parametrize(("reader", "status"), [("technician", 403), ("stranger", 403), ("dispatcher", 200)])
def test_who_reads_the_list(network, client_of, reader, status):
    assert client_of(network[reader]).get(reverse("certification:company_documents")).status_code == status
    assert client_of(network[reader]).get(reverse("certification:company_document_new")).status_code == 403


def test_outside_ones_sight_there_is_none(network, client_of):
    found = record(OrganisationFactory(), None, scan=picture())

    for name in ("company_document_scan", "company_document_withdraw"):
        assert client_of(network["manager"]).get(reverse(f"certification:{name}", args=[found.pk])).status_code == 404


def test_list_is_narrowed_and_exported(network, client_of):
    record(network["outlet"], network["manager"])
    url = reverse("certification:company_documents")
    client = client_of(network["manager"])

    sheet = load_workbook(io.BytesIO(client.get(url, {"export": "xlsx"}).content)).active
    assert [cell.value for cell in sheet[2]][2:4] == ["公众责任险", "N-1"]
    assert "公众责任险" not in client.get(url, {"kind": "licence"}).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_as_many_queries_for_many(network, client_of, rows, django_assert_max_num_queries):
    for number in range(rows):
        record(network["outlet"], network["manager"], number=f"Q-{number}")
    client = client_of(network["manager"])
    client.get(reverse("certification:company_documents"))

    with django_assert_max_num_queries(22):
        client.get(reverse("certification:company_documents"))


def test_withdrawn_is_not_listed(network):
    found = record(network["outlet"], network["manager"])
    manager = Person.objects.get(pk=network["manager"].pk)
    listed = documents_in_sight(manager).count()
    withdraw_document(found, by=manager)

    assert (listed, documents_in_sight(manager).count()) == (1, 0)


LEFT = {61: "", 60: "lead", 54: "lead", 53: "", 30: "30", 7: "7", 1: "7", 0: "", -1: ""}


@pytest.mark.parametrize(("left", "which"), LEFT.items())
def test_reminder_that_is_due(left, which):
    today = dt.date(2026, 6, 1)
    last = today + dt.timedelta(days=left)

    assert milestone(last - dt.timedelta(days=60), last, today) == which


def test_letters_go_out_once_to_holder_and_keepers(network):
    person, manager = network["technician"], network["manager"]
    for who in (person, manager):
        who.email = f"{who.staff_number}@example.com"
        who.save()
    last = timezone.localdate() + dt.timedelta(days=30)
    StatutoryCertificateFactory(person=person, valid_to=last)
    record(network["outlet"], manager, days=7)

    remind_of_statutory()
    remind_of_statutory()

    told = sorted(letter.to[0] for letter in mail.outbox)
    assert told.count(person.email) == 1
    assert told.count(manager.email) == 2


def test_a_renewed_card_is_not_reminded_of(network):
    person = network["technician"]
    person.email = "x@example.com"
    person.save()
    old = StatutoryCertificateFactory(person=person, valid_to=timezone.localdate() + dt.timedelta(days=30))
    StatutoryCertificateFactory(person=person, kind=old.kind, valid_to=old.valid_to + dt.timedelta(days=900))

    remind_of_statutory()

    assert not mail.outbox


@pytest.mark.parametrize("cards", [1, 4])
def test_who_is_reminded_of_cards_is_found_in_as_many_queries_for_many(network, django_assert_num_queries, cards):
    last = timezone.localdate() + dt.timedelta(days=30)
    for _number in range(cards):
        StatutoryCertificateFactory(person=PersonFactory(organisation=network["outlet"]), valid_to=last)
    with django_assert_num_queries(6):
        due = list(_cards(timezone.localdate()))
    assert len(due) == 2 * cards


def test_the_keepers_of_many_are_those_of_each(network):
    people = [Person.objects.get(pk=each.pk) for each in network.values() if isinstance(each, Person)]
    loaded = list(Person.objects.filter(pk__in=[each.pk for each in people]).with_posts(timezone.localdate()))
    assert {pk: set(keepers) for pk, keepers in keepers_of_each(loaded).items()} == {
        each.pk: set(keepers_of(each)) for each in people
    }
