"""Uploaded files: every door asks the audience; the media folder itself is shut."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from portal.enums import Audience, Role, Tier
from portal.models import PortalDocument, PortalImage, PortalRendition
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def readers():
    """One person of each kind; ``nobody`` has not signed in."""
    staff, customer = OrganisationFactory(), OrganisationFactory(tier=Tier.CUSTOMER)
    return {
        "nobody": None,
        "customer": PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT]),
        "engineer": PersonFactory(organisation=staff, roles=[Role.ENGINEER]),
        "editor": PersonFactory(organisation=staff, roles=[Role.EDITOR]),
    }


def make_document(audience, name="图纸.pdf"):
    """A stored document."""
    return PortalDocument.objects.create(
        title="接线图", audience=audience, file=ContentFile(b"%PDF-1.4 secret", name=name)
    )


def make_image(audience):
    """A stored image."""
    return PortalImage.objects.create(title="铭牌", audience=audience, file=get_test_image_file())


def fetch(client, address, **headers):
    """Ask for a file and read it to its end; the content stands in ``body``."""
    answer = client.get(address, headers=headers)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


OPENS = [
    (Audience.PUBLIC, {"nobody", "customer", "engineer", "editor"}),
    (Audience.CUSTOMERS, {"customer", "engineer", "editor"}),
    (Audience.STAFF, {"engineer", "editor"}),
    (Audience.RESTRICTED, {"editor"}),
]


@pytest.mark.parametrize(("audience", "allowed"), OPENS)
def test_document_opens_for_its_audience_only(client_of, readers, audience, allowed):
    document = make_document(audience)
    answers = {name: fetch(client_of(person), document.url).status_code for name, person in readers.items()}
    assert {name for name, status in answers.items() if status == 200} == allowed
    assert all(answers[name] == 404 for name in answers.keys() - allowed)


@pytest.mark.parametrize(("audience", "allowed"), OPENS)
def test_image_and_its_copies_open_for_their_audience_only(client_of, readers, audience, allowed):
    image = make_image(audience)
    copy = get_test_image_file(filename="test.fill-20x20.png", size=(20, 20))
    rendition = PortalRendition.objects.create(image=image, filter_spec="fill-20x20", file=copy, width=20, height=20)
    for address in (image.file.url, rendition.file.url):
        answers = {name: fetch(client_of(person), address).status_code for name, person in readers.items()}
        assert {name for name, status in answers.items() if status == 200} == allowed


def test_document_is_never_served_from_the_media_folder(client_of, readers):
    for audience in (Audience.PUBLIC, Audience.STAFF):
        document = make_document(audience)
        assert fetch(client_of(readers["editor"]), f"/media/{document.file.name}").status_code == 404


@pytest.mark.parametrize("path", ["../secret_key", "portal.sqlite3", "images/../../secret_key", "images/x.png", "%00"])
def test_media_folder_gives_nothing_but_known_images(client_of, readers, path):
    assert fetch(client_of(readers["editor"]), f"/media/{path}").status_code in (400, 404)


def test_document_with_a_guessed_number_and_other_name_is_missing(client_of, readers):
    document = make_document(Audience.PUBLIC)
    assert fetch(client_of(), reverse("wagtaildocs_serve", args=[document.pk, "x.pdf"])).status_code == 404


def test_private_file_stays_out_of_shared_caches(client_of, readers):
    answer = fetch(client_of(readers["engineer"]), make_document(Audience.STAFF).url)
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    answer = fetch(client_of(readers["engineer"]), make_image(Audience.STAFF).file.url)
    assert "private" in answer["Cache-Control"]


def test_public_image_may_be_cached_and_asked_again(client_of):
    image = make_image(Audience.PUBLIC)
    answer = fetch(client_of(), image.file.url)
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["Content-Type"] == "image/png"
    again = fetch(client_of(), image.file.url, **{"If-Modified-Since": answer["Last-Modified"]})
    assert again.status_code == 304


def test_office_document_is_offered_for_saving(client_of, readers):
    answer = fetch(client_of(readers["engineer"]), make_document(Audience.STAFF, "名单.xlsx").url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.body == b"%PDF-1.4 secret"


def test_revoked_audience_shuts_the_door_at_once(client_of, readers):
    document = make_document(Audience.PUBLIC)
    assert fetch(client_of(), document.url).status_code == 200
    document.audience = Audience.STAFF
    document.save()
    assert fetch(client_of(), document.url).status_code == 404


@pytest.mark.parametrize(
    ("name", "disposition", "policy"),
    [
        ("图纸.pdf", "inline", "default-src 'none'"),
        ("备件.csv", "attachment", "default-src 'none'; sandbox"),
        ("网页.html", "attachment", "default-src 'none'; sandbox"),
        ("矢量.svg", "attachment", "default-src 'none'; sandbox"),
        ("手册.docx", "attachment", "default-src 'none'; sandbox"),
    ],
)
def test_only_a_pdf_is_shown_and_nothing_in_a_file_runs(client, name, disposition, policy):
    answer = fetch(client, make_document(Audience.PUBLIC, name).url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith(disposition)
    assert (answer["Content-Security-Policy"], answer["X-Content-Type-Options"]) == (policy, "nosniff")


def test_image_opened_by_its_address_runs_nothing(client):
    answer = fetch(client, f"/media/{make_image(Audience.PUBLIC).file.name}")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
