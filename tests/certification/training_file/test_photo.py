"""The photo in the training file: cut square, written anew, shown to whom the file is open and to nobody else."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from certification.certificates.printing import badges_pdf, work_cards_pdf
from portal.content.portraits import Square
from portal.models import AuditEvent, PortalDocument
from tests.factories.certification import certificate_for

pytestmark = pytest.mark.django_db


def picture(size=(600, 900), format="JPEG", **facts) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, size[0], size[1]))
    image.save(out, format, **facts)
    return out.getvalue()


def send(client, person, content, name="face.jpg", **square):
    data = {"photo": SimpleUploadedFile(name, content), "size": 100, "across": 50, "down": 0} | square
    return client.post(reverse("certification:photo_edit", args=[person.staff_number]), data)


def test_square_is_cut_where_it_was_chosen(network, client_of):
    person = network["technician"]
    exif = Image.Exif()
    exif[0x010F] = "Phone"

    assert send(client_of(person), person, picture(exif=exif)).status_code == 302
    person.refresh_from_db()
    with person.photo.file.open() as opened, Image.open(opened) as kept:
        assert kept.size == (480, 480)
        assert kept.getpixel((10, 10))[0] > 200
        assert kept.getpixel((10, 470))[2] > 200
        assert not kept.getexif()
    assert person.photo.is_personal
    assert AuditEvent.objects.filter(action="portal.photo_kept", actor=person).exists()


@pytest.mark.parametrize(
    ("content", "square"),
    [
        (b"not a picture", {}),
        (picture()[:200], {}),
        (picture((100, 100)), {}),
        (picture((6000, 5000), "PNG"), {}),
        (picture(), {"size": 101}),
    ],
)
def test_no_photo_is_refused_and_nothing_kept(network, client_of, content, square):
    person = network["technician"]

    assert send(client_of(person), person, content, **square).status_code == 422
    assert not PortalDocument.objects.exists()


def test_one_photo_a_person_and_none_after_deleting(network, client_of):
    person, client = network["technician"], client_of(network["manager"])
    send(client, person, picture())
    send(client, person, picture())
    assert PortalDocument.objects.count() == 1

    client.post(reverse("certification:photo_edit", args=[person.staff_number]), {"step": "remove"})
    person.refresh_from_db()
    assert person.photo is None
    assert not PortalDocument.objects.exists()


@pytest.mark.parametrize(
    ("reader", "status"),
    [("technician", 200), ("manager", 200), ("auditor", 200), ("trainer", 200), ("colleague", 403), ("stranger", 403)],
)
def test_who_sees_it(network, client_of, reader, status):
    person = network["technician"]
    send(client_of(person), person, picture())

    response = client_of(network[reader]).get(reverse("certification:photo", args=[person.staff_number]))

    assert response.status_code == status
    if status == 200:
        assert response["Cache-Control"] == "private, no-store"
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")


@pytest.mark.parametrize(("reader", "status"), [("auditor", 403), ("trainer", 403), ("colleague", 403)])
def test_who_may_not_change_it(network, client_of, reader, status):
    assert send(client_of(network[reader]), network["technician"], picture()).status_code == status


def test_card_and_badge_show_it(network, client_of):
    person = network["technician"]
    certificate = certificate_for(person, network["scheme"])
    without = [len(make([certificate]).content) for make in (work_cards_pdf, badges_pdf)]
    send(client_of(person), person, picture())
    person.refresh_from_db()
    certificate.person = person

    for make, size in zip((work_cards_pdf, badges_pdf), without, strict=True):
        content = make([certificate]).content
        assert b"/DCTDecode" in content
        assert len(content) > size


def test_square_stays_inside():
    assert Square(100, 50, 50).box(300, 500) == (0, 100, 300, 400)
    assert Square(50, 100, 100).box(300, 500) == (150, 350, 300, 500)
    assert Square(1, -5, 500).box(300, 500) == (0, 440, 60, 500)
