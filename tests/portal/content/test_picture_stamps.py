"""Restricted pictures carry the reader's name and the day; each copy is one reader's."""

import io
import re

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageDraw

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
    marked, kind, is_named = stamped(plain, manager)
    assert is_named
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
    marked, kind, _is_named = stamped(SVG, manager, is_drawing=True)
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


@pytest.mark.parametrize(("mode", "kind"), [("RGBA", "PNG"), ("RGBA", "WEBP"), ("LA", "PNG")])
def test_lines_on_a_transparent_ground_stay_readable(manager, mode, kind):
    written = io.BytesIO()
    drawn = Image.new(mode, (640, 480), (0,) * len(mode))
    black = (0,) * (len(mode) - 1) + (255,)
    ImageDraw.Draw(drawn).line((0, 200, 640, 200), fill=black, width=9)
    drawn.save(written, kind)
    marked = Image.open(io.BytesIO(stamped(written.getvalue(), manager)[0])).convert("L")
    assert marked.resize((1, 1), Image.Resampling.BOX, (0, 0, 640, 190)).getpixel((0, 0)) > 200
    assert marked.resize((1, 1), Image.Resampling.BOX, (0, 197, 640, 203)).getpixel((0, 0)) < 60


def test_a_photo_taken_upright_stays_upright(manager):
    written, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (640, 480)).save(written, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(stamped(written.getvalue(), manager)[0])).size == (480, 640)


@pytest.mark.parametrize("box", ["5000 5000 400 300", "-200,-150,400,300", "1e3 .5 400 300"])
def test_the_name_lies_inside_what_a_drawing_shows(manager, box):
    left, top, width, height = (float(side) for side in re.split(r"[\s,]+", box))
    drawing = SVG.replace(b"0 0 480 320", box.encode())
    marked = stamped(drawing, manager, is_drawing=True)[0].decode()
    places = [(float(x), float(y)) for x, y in re.findall(r'<text x="([-\d.]+)" y="([-\d.]+)"', marked)]
    assert len(places) == 4
    assert all(left <= x <= left + width and top <= y <= top + height for x, y in places)


def test_the_size_of_a_drawing_is_that_of_its_first_element(manager):
    inner = b'<symbol viewBox="0 0 9 9"/>'
    drawing = SVG.replace(b' viewBox="0 0 480 320"', b" width='480' height='320'").replace(b"<rect", inner + b"<rect")
    assert b'<text x="240.0"' in stamped(drawing, manager, is_drawing=True)[0]


@pytest.mark.parametrize(("size", "is_named"), [((200, 150), True), ((290, 40), True), ((24, 24), False)])
def test_a_small_picture_carries_a_small_name_or_the_log_says_none(client_of, manager, size, is_named):
    content = photo(*size)
    answer = body_of(client_of(manager).get(stored(content, "a.png").file.url))
    assert bool(differs(content, answer)) == is_named
    assert AuditEvent.objects.get(action="portal.restricted_taken").detail["stamped"] == is_named


def test_a_small_picture_among_the_documents_is_logged_as_it_was_handed_out(client_of, manager):
    found = PortalDocument.objects.create(
        title="图标", audience=Audience.RESTRICTED, file=ContentFile(photo(24, 24), name="a.png")
    )
    assert client_of(manager).get(found.url).status_code == 200
    assert AuditEvent.objects.get(action="portal.restricted_taken").detail["stamped"] is False
