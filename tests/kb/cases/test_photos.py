"""Photos: scaled down, without the place they were taken at; what is no photo is refused by name."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kb.cases.errors import UnusablePhoto
from kb.cases.photos import MAX_PHOTOS, SIDE, read_photos
from tests.factories.kb import FieldCaseFactory

pytestmark = pytest.mark.django_db


def picture(size=(64, 48), kind="JPEG", exif=None, name="a.jpg"):
    written = io.BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new("RGB", size, "red").save(written, kind, **options)
    return SimpleUploadedFile(name, written.getvalue())


def opened(content):
    return Image.open(io.BytesIO(content))


def test_large_photo_is_scaled_down():
    [content] = read_photos([picture((4000, 3000))])
    assert opened(content).size == (SIDE, SIDE * 3 // 4)


def test_photo_is_turned_upright_and_loses_its_place():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (30.0, 39.0, 0.0)}
    [content] = read_photos([picture((60, 40), exif=exif)])
    photo = opened(content)
    assert photo.size == (40, 60)
    assert dict(photo.getexif()) == {}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_become_jpeg(kind):
    [content] = read_photos([picture(kind=kind)])
    assert opened(content).format == "JPEG"


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a and text", b"%PDF-1.7", b"\xff\xd8\xff\xe0 cut off", b"<svg onload='x()'/>"]
)
def test_what_is_no_photo_is_refused_by_name(content):
    with pytest.raises(UnusablePhoto) as refused:
        read_photos([SimpleUploadedFile("现场.jpg", content)])
    assert "现场.jpg" in str(refused.value)


def test_bomb_is_refused_before_it_is_decoded():
    written = io.BytesIO()
    Image.new("1", (5_100, 5_100)).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    with pytest.raises(UnusablePhoto):
        read_photos([SimpleUploadedFile("bomb.png", written.getvalue())])


def test_photo_of_a_phone_with_fifty_megapixels_is_taken():
    [content] = read_photos([picture((8160, 6120))])
    assert opened(content).size == (SIDE, SIDE * 3 // 4)


def test_more_photos_than_allowed_are_refused():
    with pytest.raises(UnusablePhoto):
        read_photos([picture() for _n in range(MAX_PHOTOS + 1)])


def test_photos_are_served_to_whom_the_case_is_open(client_of, network):
    case = FieldCaseFactory(reporter=network.reporter, photos=read_photos([picture()]))
    photo = case.photos.get()
    address = f"/kb/cases/{case.pk}/photos/{photo.pk}.jpg"
    served = client_of(network.lead).get(address)
    assert (served.status_code, served["Content-Type"]) == (200, "image/jpeg")
    assert served["Cache-Control"] == "private, no-store"
    assert b"".join(served.streaming_content)[:2] == b"\xff\xd8"
    assert client_of(network.stranger).get(address).status_code == 404
    other = FieldCaseFactory(reporter=network.reporter)
    assert client_of(network.lead).get(f"/kb/cases/{other.pk}/photos/{photo.pk}.jpg").status_code == 404
    assert client_of(network.lead).get(photo.document.url).status_code in (302, 403, 404)
