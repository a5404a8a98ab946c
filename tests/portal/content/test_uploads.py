"""Whatever is uploaded, through whichever form: an error of the form, never one of the server."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, UploadedFile

from portal.access.content_roles import synchronise_content_rights
from portal.access.roles import synchronise_roles
from portal.content.leftovers import clear_leftover_files
from portal.enums import Role
from portal.models import PortalDocument, PortalImage
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the files it scales and hashes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def picture(kind="PNG", size=(40, 30)):
    """The bytes of an image."""
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, kind)
    return content.getvalue()


def bomb(side=5_100):
    """A picture of 26 megapixels in a few kilobytes."""
    content = io.BytesIO()
    Image.new("1", (side, side)).save(content, "PNG")
    return content.getvalue()


def package(*names):
    """The bytes of a ZIP archive with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

BAD_IMAGES = {
    "gif_that_is_text": ("bild.gif", b"GIF89a" + "这不是图片".encode() * 40),
    "gif_header_only": ("bild.gif", b"GIF89a"),
    "long_name": (f"{'n' * 300}.png", picture()),
    "long_chinese_name": (f"{'图' * 95}.png", picture()),
    "empty": ("leer.png", b""),
    "wrong_ending": ("bild.exe", picture()),
    "no_ending": ("bild", picture()),
    "other_format": ("bild.png", picture("JPEG")),
    "truncated_jpeg": ("bild.jpg", picture("JPEG", (400, 300))[:900]),
    "truncated_png": ("bild.png", picture("PNG", (400, 300))[:-40]),
    "png_header_only": ("bild.png", picture()[:20]),
    "too_many_pixels": ("bild.png", bomb()),
    "far_too_many_pixels": ("bild.png", bomb(11_000)),
    "svg_with_script": ("bild.svg", SVG),
    "svg_as_png": ("bild.png", SVG),
    "pdf_as_png": ("bild.png", PDF),
}
BAD_DOCUMENTS = {
    "no_pdf": ("doc.pdf", b"hello"),
    "html_as_pdf": ("doc.pdf", b"<html><script>1</script></html>"),
    "zip_as_docx": ("doc.docx", package("a.txt")),
    "docx_with_macros": ("doc.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
    "xlsx_with_macros": ("doc.xlsx", package("[Content_Types].xml", "xl/workbook.xml", "xl/VbaProject.BIN")),
    "xlsx_as_docx": ("doc.docx", package("[Content_Types].xml", "xl/workbook.xml")),
    "text_as_xlsx": ("doc.xlsx", b"a,b"),
    "text_as_zip": ("doc.zip", b"PK"),
    "binary_as_txt": ("doc.txt", b"\x00\x01\x02"),
    "program_as_csv": ("doc.csv", b"MZ\x90\x00\x03"),
    "empty": ("doc.pdf", b""),
    "wrong_ending": ("doc.exe", b"MZ"),
    "svg": ("doc.svg", SVG),
    "long_name": (f"{'n' * 300}.pdf", PDF),
    "long_chinese_name": (f"{'册' * 95}.pdf", PDF),
}
GOOD_NAMES = ["保养手册 2026（终）.pdf", "a'b;d.pdf", "../../etc/passwd.pdf", "..\\x.pdf", "a%00b.pdf", "🙂.pdf"]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(client_of):
    """An editor's browser; errors of the server are answers, not exceptions."""
    hq = OrganisationFactory()
    synchronise_roles()
    synchronise_content_rights()
    editor = PersonFactory(organisation=hq, roles=[Role.EDITOR], is_superuser=True)
    return client_of(editor, raise_request_exception=False)


def facts(name, content, **more):
    """A form with a file."""
    return {"title": "标题", "audience": "staff", "collection": Collection.get_first_root_node().pk} | more | {
        "file": SimpleUploadedFile(name, content)
    }  # fmt: skip


def single(client, kind, name, content):
    """The form for one file."""
    return client.post(reverse(f"wagtail{kind}:add"), facts(name, content))


def several(client, kind, name, content):
    """The form for several files."""
    sent = {"files[]": SimpleUploadedFile(name, content), "collection": Collection.get_first_root_node().pk}
    return client.post(reverse(f"wagtail{kind}:add_multiple"), sent, HTTP_X_REQUESTED_WITH="XMLHttpRequest")


def chooser(client, kind, name, content):
    """The form in a chooser."""
    names = {"docs": "document-chooser-upload", "images": "image-chooser-upload"}
    prefixed = {f"{names[kind]}-{key}": value for key, value in facts(name, content).items()}
    return client.post(reverse(f"wagtail{kind}_chooser:create"), prefixed)


DOORS = [single, several, chooser]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", BAD_IMAGES)
def test_what_is_no_image_is_an_error_of_the_form(client, door, case):
    answer = door(client, "images", *BAD_IMAGES[case])
    assert answer.status_code == 200
    assert not PortalImage.objects.exists()
    if door is several:
        assert json.loads(answer.content)["success"] is False


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", BAD_DOCUMENTS)
def test_document_that_is_not_what_it_says_is_an_error_of_the_form(client, door, case):
    answer = door(client, "docs", *BAD_DOCUMENTS[case])
    assert answer.status_code == 200
    assert not PortalDocument.objects.exists()
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("door", [single, chooser])
@pytest.mark.parametrize("name", GOOD_NAMES)
def test_odd_names_are_stored_below_the_media_folder(client, door, name, tmp_path):
    answer = door(client, "docs", name, PDF)
    assert answer.status_code in (200, 302)
    document = PortalDocument.objects.get()
    assert (tmp_path / "documents") in (tmp_path / document.file.name).resolve().parents


@pytest.mark.parametrize("kind", ["docs", "images"])
def test_same_file_twice_is_no_error(client, kind):
    name, content = ("a.pdf", PDF) if kind == "docs" else ("a.png", picture())
    for door in (single, several, chooser):
        assert door(client, kind, name, content).status_code in (200, 302)


GOOD = {"docs": ("手册.pdf", PDF), "images": ("图.png", picture())}


@pytest.mark.parametrize("kind", GOOD)
def test_second_step_of_several_files_makes_the_record(client, kind):
    first = json.loads(several(client, kind, *GOOD[kind]).content)
    assert first["success"] is True
    if "uploaded_file_id" in first or "uploaded_image_id" in first:
        number = first.get("uploaded_file_id") or first["uploaded_image_id"]
        prefix = {"docs": "uploaded-document", "images": "uploaded-image"}[kind]
        form = {"title": "标题", "audience": "staff", "collection": Collection.get_first_root_node().pk, "tags": ""}
        name = {"docs": "document", "images": "image"}[kind]
        address = reverse(f"wagtail{kind}:create_multiple_from_uploaded_{name}", args=[number])
        answer = client.post(address, {f"{prefix}-{number}-{key}": value for key, value in form.items()})
        assert answer.status_code == 200
        assert json.loads(answer.content)["success"] is True
    model = {"docs": PortalDocument, "images": PortalImage}[kind]
    assert model.objects.get().file.size > 0
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("kind", GOOD)
def test_replacing_a_file_is_checked_too(client, kind):
    single(client, kind, *GOOD[kind])
    record = {"docs": PortalDocument, "images": PortalImage}[kind].objects.get()
    bad = ("x.pdf", b"no") if kind == "docs" else BAD_IMAGES["gif_that_is_text"]
    answer = client.post(reverse(f"wagtail{kind}:edit", args=[record.pk]), facts(*bad))
    assert answer.status_code == 200
    record.refresh_from_db()
    assert record.file.size == len(GOOD[kind][1])


def test_avatar_that_is_no_image_is_an_error_of_the_form(client):
    form = {"avatar-avatar": SimpleUploadedFile(*BAD_IMAGES["gif_that_is_text"])}
    assert client.post(reverse("wagtailadmin_account"), form).status_code == 200
    long = {"avatar-avatar": SimpleUploadedFile(*BAD_IMAGES["long_chinese_name"])}
    assert client.post(reverse("wagtailadmin_account"), long).status_code == 200


def test_abandoned_uploads_and_files_without_a_record_are_cleared_after_a_day(client, tmp_path, time_machine):
    several(client, "docs", "kept.pdf", PDF)
    waiting = UploadedFile.objects.count()
    single(client, "docs", "held.pdf", PDF)
    single(client, "images", "held.png", picture())
    for folder in ("documents", "original_images", "images", "wagtail_uploads", "avatar_images"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "lost.bin").write_bytes(b"x")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "mine.bin").write_bytes(b"x")
    assert clear_leftover_files() == 0
    time_machine.move_to(timezone.now() + dt.timedelta(days=2))
    assert clear_leftover_files() == waiting + 5
    assert not UploadedFile.objects.exists()
    assert (tmp_path / PortalDocument.objects.get(title="标题").file.name).exists()
    assert (tmp_path / PortalImage.objects.get().file.name).exists()
    assert (tmp_path / "reports" / "mine.bin").exists()
    assert not list(tmp_path.rglob("lost.bin"))
