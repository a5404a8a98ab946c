"""Restricted pictures carry the reader's name and the day; each copy is one reader's."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageChops

from portal.content.picture_stamps import copies, stamped
from portal.enums import Audience, Role
from portal.models import AuditEvent, PortalDocument, PortalImage
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"><rect width="9" height="9"/></svg>'


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    copies.clear()


@pytest.fixture
def manager():
    return PersonFactory(organisation=OrganisationFactory(), roles=[Role.MANAGER], name="李秋", staff_number="M7788")


@pytest.fixture
def second(manager):
    return PersonFactory(organisation=manager.organisation, roles=[Role.MANAGER], staff_number="M2")


def photo(width=640, height=480, colour=(120, 140, 160), kind="PNG"):
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, kind)
    return written.getvalue()


def stored(content, name, audience=Audience.RESTRICTED):
    image = PortalImage(title="现场", audience=audience)
    image.file = ContentFile(content, name=name)
    image._set_image_file_metadata()
    image.save()
    return image


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def differs(one, other):
    """Return the box in which two pictures differ, by more than what JPEG makes of them."""
    first, second = (Image.open(io.BytesIO(content)).convert("L") for content in (one, other))
    return ImageChops.difference(first, second).point(lambda value: 255 if value > 12 else 0).getbbox()


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (120, 140, 160)])
def test_the_name_reaches_over_the_whole_picture_and_leaves_it_readable(manager, colour):
    plain = photo(colour=colour)
    marked, kind = stamped(plain, manager)
    assert kind == "image/jpeg"
    left, top, right, bottom = differs(plain, marked)
    assert (right - left, bottom - top) > (600, 400)
    # Away from the strip at the foot most of the picture is as it was.
    before, after = (Image.open(io.BytesIO(content)).convert("L") for content in (plain, marked))
    kept = ImageChops.difference(before, after)
    histogram = kept.crop((0, 0, 640, 440)).histogram()
    assert sum(histogram[60:]) < 0.05 * 640 * 440


def test_two_readers_have_two_copies(manager, second):
    assert stamped(photo(), manager) != stamped(photo(), second)


def test_a_drawing_is_written_into_and_a_name_is_text_only(manager):
    manager.name = "<script>&"
    marked, kind = stamped(SVG, manager, is_drawing=True)
    assert kind == "image/svg+xml"
    assert b"M7788" in marked
    assert b"&lt;script&gt;&amp;" in marked
    with pytest.raises(ValueError, match="size"):
        stamped(b"<svg></svg>", manager, is_drawing=True)


def test_a_restricted_picture_is_served_stamped_and_logged_once(client_of, manager, second):
    content = photo()
    image = stored(content, "a.png")
    address = image.file.url
    for person in (manager, manager, second):
        response = client_of(person).get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert differs(content, body_of(response))
    taken = AuditEvent.objects.filter(action="portal.restricted_taken").order_by("pk")
    assert [event.actor for event in taken] == [manager, second]
    again = client_of(manager).get(address, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert again.status_code == 200


def test_nobody_else_takes_it_and_open_pictures_are_as_they_were(client_of, manager):
    engineer = PersonFactory(organisation=manager.organisation, roles=[Role.ENGINEER])
    image = stored(photo(), "a.png")
    assert client_of(manager).get(image.file.url).status_code == 200
    assert client_of(engineer).get(image.file.url).status_code == 404
    assert client_of(None).get(image.file.url).status_code in (302, 404)
    content = photo()
    free = stored(content, "b.png", Audience.STAFF)
    assert body_of(client_of(engineer).get(free.file.url)) == content


def test_copies_are_bounded(manager):
    for number in range(40):
        copies.keep(str(number), {}, b"x" * 1024 * 1024, 60)
    assert copies.size <= 24 * 1024 * 1024


def test_a_picture_among_the_documents_is_stamped_and_a_damaged_one_logged(client_of, manager):
    content = photo(kind="JPEG")
    for name, body in (("a.jpg", content), ("b.jpg", b"no picture")):
        found = PortalDocument.objects.create(
            title="现场照片", audience=Audience.RESTRICTED, file=ContentFile(body, name=name)
        )
        answer = body_of(client_of(manager).get(found.url))
        assert (answer == body) == (body == b"no picture")
    marks = AuditEvent.objects.filter(action="portal.restricted_taken").order_by("pk").values_list("detail", flat=True)
    assert [detail["stamped"] for detail in marks] == [True, False]
