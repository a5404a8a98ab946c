"""Photos of a practical: bounded and decoded while it is filled in, pinned by their hash once it is signed."""

import datetime as dt
import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from certification.models import PracticalAssessment, PracticalDraft, PracticalDraftPhoto, PracticalPhoto
from certification.practicals.drafts import KEPT_FOR
from certification.practicals.photos import MOST_AN_ITEM, clear_orphans
from portal.content.personal import keep_personal_file
from portal.models import AuditEvent, PortalDocument
from portal.retention.clearing import clear_what_is_over
from tests.certification.practicals.test_views import sheet_url, signing
from tests.factories.certification import AssessorAppointmentFactory, PracticalAssessmentFactory

pytestmark = pytest.mark.django_db


def picture(name="阀.jpg", size=(2400, 1200), kind="JPEG"):
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, kind)
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


@pytest.fixture
def assessor(network, client_of):
    return client_of(network["assessor"])


def add(network, client, photo=None, **data):
    sheet = network["checklist"]
    url = reverse("certification:practical_photos", args=[sheet.code, network["technician"].staff_number])
    sent = {"item": sheet.items.first().pk, "photo": photo or picture()} | data
    return client.post(url, sent, headers={"HX-Request": "true"})


def shown(client, url):
    return b"".join(client.get(url).streaming_content)


def test_a_photo_is_kept_small_with_its_item(network, assessor):
    answer = add(network, assessor)

    kept = PracticalDraftPhoto.objects.get()
    assert (answer.status_code, kept.item) == (200, network["checklist"].items.first())
    with kept.document.file.open("rb") as content, Image.open(content) as stored:
        assert stored.size == (1600, 800)
    assert reverse("certification:practical_photo", args=[kept.pk]) in answer.content.decode()


@pytest.mark.parametrize(
    "photo",
    [
        SimpleUploadedFile("坏.jpg", b"\xff\xd8\xff", "image/jpeg"),
        SimpleUploadedFile("字.jpg", "没有图".encode(), "image/jpeg"),
        SimpleUploadedFile("空.jpg", b"", "image/jpeg"),
    ],
    ids=["damaged", "text", "empty"],
)
def test_what_is_no_photo_is_refused_in_its_row(network, assessor, photo):
    answer = add(network, assessor, photo)

    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()
    assert not PortalDocument.objects.exists()


def test_an_item_keeps_few_photos(network, assessor):
    for _time in range(MOST_AN_ITEM + 1):
        answer = add(network, assessor)

    assert PracticalDraftPhoto.objects.count() == MOST_AN_ITEM
    assert "field__error" in answer.content.decode()


def test_an_item_of_another_checklist_is_not_found(network, assessor):
    assert add(network, assessor, item=0).status_code == 404


def test_only_the_assessor_of_the_checklist_sees_and_removes_a_photo(network, assessor, client_of):
    add(network, assessor)
    kept = PracticalDraftPhoto.objects.get()
    for name, ask in (("practical_photo", "get"), ("practical_photo_remove", "post")):
        url = reverse(f"certification:{name}", args=[kept.pk])
        assert getattr(client_of(network["manager"]), ask)(url).status_code == 404
    assert shown(assessor, reverse("certification:practical_photo", args=[kept.pk])).startswith(b"\xff\xd8")

    assessor.post(reverse("certification:practical_photo_remove", args=[kept.pk]), headers={"HX-Request": "true"})

    assert not PracticalDraftPhoto.objects.exists()
    assert not PortalDocument.objects.exists()


def test_a_stranger_to_assessing_adds_none(network, client_of):
    assert add(network, client_of(network["technician"])).status_code == 403


def test_photos_are_signed_with_their_hash_and_open_to_whom_the_checklist_is(network, assessor, client_of):
    data = signing(network)
    add(network, assessor)
    assessor.post(sheet_url(network), data)
    assessor.post(sheet_url(network), data | {"step": "sign"})

    signed = PracticalAssessment.objects.get()
    photo = signed.photos.get()
    with photo.document.file.open("rb") as content:
        assert signed.rows[0]["photos"] == [hashlib.sha256(content.read()).hexdigest()]
    assert not PracticalDraft.objects.exists()
    url = reverse("certification:evidence_photo", args=[signed.pk, photo.pk])
    assert shown(client_of(network["technician"]), url).startswith(b"\xff\xd8")
    assert client_of(network["colleague"]).get(url).status_code == 404
    # Who signed finds the checklist again; another assessor does not, unless they may see the person's evidence.
    paper = reverse("certification:evidence_practical", args=[signed.pk])
    assert assessor.get(paper).status_code == 200
    other = AssessorAppointmentFactory(category=network["checklist"].category).person
    assert client_of(other).get(paper).status_code == 404
    assert (
        url
        in client_of(network["technician"])
        .get(reverse("certification:evidence_practical", args=[signed.pk]))
        .content.decode()
    )


def test_a_photo_added_after_the_last_look_is_looked_at_first(network, assessor):
    data = signing(network)
    assessor.post(sheet_url(network), data)
    add(network, assessor)

    assessor.post(sheet_url(network), data | {"step": "sign"})

    assert not PracticalAssessment.objects.exists()


def test_photos_go_with_a_draft_that_was_left(network, assessor, time_machine):
    add(network, assessor)
    kept_at = PracticalDraft.objects.get().saved_at
    time_machine.move_to(kept_at + KEPT_FOR * 2)

    assert clear_what_is_over() == 1
    assert not PortalDocument.objects.exists()


# --- what nothing shows any more --------------------------------------------------------------------------------------


def test_photos_of_a_deleted_item_or_draft_are_cleared_after_a_day_and_nothing_else(
    network, assessor, django_capture_on_commit_callbacks
):
    add(network, assessor)
    draft_photo = PracticalDraftPhoto.objects.get()
    orphan, kept = draft_photo.document, keep_personal_file("x", b"x", stem="card", ending="jpg", by=None)
    assert clear_orphans(timezone.now() + dt.timedelta(days=2)) == 0
    draft_photo.item.delete()
    assert not PracticalDraftPhoto.objects.exists()
    assert clear_orphans() == 0
    name = orphan.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert clear_orphans(timezone.now() + dt.timedelta(days=2)) == 1
    assert list(PortalDocument.objects.all()) == [kept]
    assert not orphan.file.storage.exists(name)
    assert AuditEvent.objects.get(action="certification.photos_cleared").detail == {"photos": 1}
    assert clear_orphans(timezone.now() + dt.timedelta(days=2)) == 0


def test_what_is_signed_is_never_cleared(network, assessor):
    practical = PracticalAssessmentFactory(person=network["technician"])
    document = keep_personal_file("x", b"x", stem="practical", ending="jpg", by=None)
    PracticalPhoto.objects.create(practical=practical, row=0, document=document)
    assert clear_orphans(timezone.now() + dt.timedelta(days=900)) == 0
    assert PortalDocument.objects.filter(pk=document.pk).exists()


def test_photos_of_a_draft_whose_checklist_goes_are_cleared(network, assessor):
    add(network, assessor)
    PracticalDraft.objects.all().delete()
    assert clear_orphans(timezone.now() + dt.timedelta(days=2)) == 1
