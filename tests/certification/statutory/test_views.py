"""Cards on the page: the form with its scan, who opens it, verifying, the list by kind, branch and state."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from certification.models import StatutoryCertificate
from certification.statutory.queries import cards_in_sight, narrow_cards
from portal.access.content_roles import synchronise_content_rights
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import DocumentText, PortalDocument
from portal.search.indexing.files import documents, queue_unread
from tests.certification.statutory.test_domain import image, pdf
from tests.factories.certification import StatutoryCertificateFactory
from tests.factories.portal import PersonFactory, StatutoryKindFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def card_form(person, **changes):
    today = timezone.localdate()
    return {
        "staff_number": person.staff_number,
        "kind": StatutoryKindFactory(project_codes=["T"]).pk,
        "number": "TS6001",
        "first_issued_on": (today - dt.timedelta(days=1461)).isoformat(),
        "valid_from": today.isoformat(),
        "valid_to": (today + dt.timedelta(days=1460)).isoformat(),
        **changes,
    }


@pytest.fixture
def scanned(network, client_of):
    """A card of the technician, recorded by the manager with a photo."""
    form = card_form(network["technician"], scan=image())
    assert client_of(network["manager"]).post(reverse("certification:statutory_new"), form).status_code == 302
    return StatutoryCertificate.objects.select_related("scan").get()


# --- recording --------------------------------------------------------------------------------------------------------


def test_form_records_project_first_issue_and_scan(network, scanned):
    assert (scanned.project_code, scanned.recorded_by) == ("T", network["manager"])
    assert scanned.first_issued_on == timezone.localdate() - dt.timedelta(days=1461)
    assert scanned.scan.is_personal


def test_form_offers_the_phones_camera_and_takes_a_pdf(network, client_of):
    client, url = client_of(network["manager"]), reverse("certification:statutory_new")

    page = client.get(url).content.decode()
    client.post(url, card_form(network["technician"], scan=pdf()))

    assert 'enctype="multipart/form-data"' in page
    assert 'accept="image/jpeg,image/png,image/webp,application/pdf"' in page
    assert StatutoryCertificate.objects.get().scan.file.name.endswith(".pdf")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"project_code": "N1"}, "project_code"),
        ({"first_issued_on": "2199-01-01"}, "first_issued_on"),
        ({"scan": io.BytesIO(b"<html>")}, "scan"),
    ],
)
def test_wrong_card_is_explained_at_its_field(network, client_of, changes, field):
    response = client_of(network["manager"]).post(
        reverse("certification:statutory_new"), card_form(network["technician"], **changes)
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not StatutoryCertificate.objects.exists()


# --- the scan ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["technician", "manager", "administrator"])
def test_scan_opens_for_the_holder_and_who_keeps_the_file(network, client_of, scanned, reader):
    response = client_of(network[reader]).get(reverse("certification:statutory_scan", args=[scanned.pk]))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    "reader", ["colleague", "stranger", "dispatcher", "trainer", "assessor", "auditor", "customer", None]
)
def test_scan_is_nobody_elses_by_whatever_address(network, client_of, scanned, reader):
    client = client_of(network[reader] if reader else None)
    addresses = [
        reverse("certification:statutory_scan", args=[scanned.pk]),
        scanned.scan.url,
        f"/media/{scanned.scan.file.name}",
        f"/images/{scanned.scan.file.name}",
    ]

    answers = [client.get(address) for address in addresses]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert all("/accounts/login/" in answer.url for answer in answers if answer.status_code == 302)


@pytest.mark.parametrize("reader", ["manager", "administrator"])
def test_scan_is_served_by_its_own_page_alone(network, client_of, scanned, reader):
    assert client_of(network[reader]).get(scanned.scan.url).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TRAINER, Role.ADMINISTRATOR])
def test_scan_is_not_among_the_documents_of_editors(network, client_of, scanned, role):
    synchronise_roles()
    synchronise_content_rights()
    client = client_of(PersonFactory(roles=[role]))

    listing = client.get(reverse("wagtaildocs:index"))
    chooser = client.get(reverse("wagtaildocs_chooser:choose"))
    edit = client.post(reverse("wagtaildocs:edit", args=[scanned.scan_id]), {"title": "x"})
    delete = client.post(reverse("wagtaildocs:delete", args=[scanned.scan_id]))

    assert scanned.scan.title not in listing.content.decode()
    assert scanned.scan.title not in chooser.content.decode()
    assert {edit.status_code, delete.status_code} <= {302, 403, 404}
    assert PortalDocument.objects.get().title == scanned.scan.title


def test_scan_is_not_read_or_found_by_search(scanned, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        scanned.scan.save()

    assert queue_unread() == 0
    assert not DocumentText.objects.exists()
    assert not documents().exists()


# --- verifying --------------------------------------------------------------------------------------------------------


def test_second_keeper_sees_the_record_and_verifies_it(network, client_of, scanned):
    client, url = client_of(network["administrator"]), reverse("certification:statutory_verify", args=[scanned.pk])

    page = client.get(url).content.decode()
    client.post(url)

    assert "TS6001" in page
    assert reverse("certification:statutory_scan", args=[scanned.pk]) in page
    scanned.refresh_from_db()
    assert scanned.verified_by == network["administrator"]


def test_recorder_is_told_that_a_second_person_verifies(network, client_of, scanned):
    url = reverse("certification:statutory_verify", args=[scanned.pk])

    answers = [client_of(network["manager"]).get(url), client_of(network["manager"]).post(url)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "第二人" in answers[0].content.decode()
    scanned.refresh_from_db()
    assert not scanned.is_verified


@pytest.mark.parametrize("reader", ["technician", "stranger", "trainer", "dispatcher", "auditor"])
def test_verifying_is_for_keepers_of_the_file(network, client_of, scanned, reader):
    assert client_of(network[reader]).post(f"/certification/statutory/{scanned.pk}/verify/").status_code == 403
    scanned.refresh_from_db()
    assert not scanned.is_verified


def test_file_shows_who_verified_and_the_scan_to_the_holder(network, client_of, scanned):
    scan_url = reverse("certification:statutory_scan", args=[scanned.pk])
    client_of(network["administrator"]).post(reverse("certification:statutory_verify", args=[scanned.pk]))

    own = client_of(network["technician"]).get(reverse("certification:mine")).content.decode()
    trainers = client_of(network["trainer"]).get(
        reverse("certification:person", args=[network["technician"].staff_number])
    )

    assert scan_url in own
    assert network["administrator"].name in own
    assert scan_url not in trainers.content.decode()


# --- the list ---------------------------------------------------------------------------------------------------------


def due(person, days, **facts):
    return StatutoryCertificateFactory(person=person, valid_to=timezone.localdate() + dt.timedelta(days=days), **facts)


def get(client_of, reader, **query):
    return client_of(reader).get(reverse("certification:statutory_cards"), query)


def test_list_stands_by_due_date_and_stays_in_the_branch(network, client_of):
    late, soon = due(network["technician"], 900), due(network["colleague"], 20)
    review = StatutoryCertificateFactory(
        person=network["technician"], review_due=timezone.localdate() + dt.timedelta(days=5)
    )
    due(network["stranger"], 10)

    page = get(client_of, network["manager"])

    assert list(page.context["page_obj"]) == [review, soon, late]
    assert network["stranger"].name not in page.content.decode()
    assert "lamp--amber" in page.content.decode()


def test_list_is_narrowed_by_kind_branch_state_and_verification(network, client_of):
    kind = StatutoryKindFactory(renewal_lead_days=30)
    expiring = due(network["technician"], 30, kind=kind)
    valid = due(network["technician"], 31)
    expired = due(network["stranger"], -1)
    auditor = network["auditor"]

    def shown(**query):
        return list(get(client_of, auditor, **query).context["page_obj"])

    valid.kind.renewal_lead_days = 30
    valid.kind.save()
    assert shown(kind=kind.code) == [expiring]
    assert shown(organisation=network["outlet"].code) == [expiring, valid]
    assert [shown(state=state) for state in ("expiring", "valid", "expired", "not_yet")] == [
        [expiring],
        [valid],
        [expired],
        [],
    ]
    StatutoryCertificate.objects.filter(pk=valid.pk).update(verified_by=auditor, verified_at=timezone.now())
    assert shown(unverified="on") == [expired, expiring]


def test_states_of_the_list_are_those_of_the_lamps(network):
    kind = StatutoryKindFactory(renewal_lead_days=20, review_lead_days=10)
    today = timezone.localdate()
    for offset in (-1, 0, 10, 11, 20, 21):
        due(PersonFactory(organisation=network["outlet"]), offset, kind=kind)
        due(PersonFactory(organisation=network["outlet"]), 900, kind=kind, review_due=today + dt.timedelta(days=offset))
    cards = cards_in_sight(network["auditor"])

    for state in ("expired", "expiring", "valid", "not_yet"):
        listed = set(narrow_cards(cards, on=today, state=state))
        assert listed == {card for card in cards if card.state_on(today) == state}


def test_card_recorded_anew_stands_once_and_a_withdrawn_one_not(network, client_of):
    kind = StatutoryKindFactory()
    due(network["technician"], 10, kind=kind)
    renewed = due(network["technician"], 900, kind=kind, valid_from=timezone.localdate())
    due(network["colleague"], 10, withdrawn_on=timezone.localdate(), withdrawn_recorded_at=timezone.now())

    assert list(get(client_of, network["manager"]).context["page_obj"]) == [renewed]


def test_list_goes_into_a_spreadsheet_with_labels_and_no_formula(network, client_of):
    card = due(network["technician"], 20, number="=1+1")

    response = get(client_of, network["manager"], export="xlsx", state="expiring")
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0][:4] == ("工号", "姓名", "单位", "证件种类")
    assert rows[1][:3] == (card.person.staff_number, "林小川", "西区网点")
    assert (rows[1][5], sheet["F2"].data_type) == ("=1+1", "s")
    assert len(rows) == 2


@pytest.mark.parametrize("reader", ["technician", "trainer", "assessor", "customer"])
def test_list_is_for_who_sends_people(network, client_of, reader):
    assert get(client_of, network[reader]).status_code == 403
    assert get(client_of, network[reader], export="xlsx").status_code == 403


def test_list_pages_and_costs_the_same_for_many(network, client_of, django_assert_num_queries):
    client, url = client_of(network["manager"]), reverse("certification:statutory_cards")
    due(network["technician"], 20)
    client.get(url)
    with django_assert_num_queries(12) as first:
        client.get(url)
    for _number in range(25):
        due(PersonFactory(organisation=network["outlet"]), 20)

    with django_assert_num_queries(len(first)):
        page = client.get(url)
    assert len(page.context["page_obj"]) == 20
    assert len(client.get(url, {"page": 2}).context["page_obj"]) == 6
