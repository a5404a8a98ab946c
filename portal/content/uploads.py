"""Checks of uploaded files: the content must be what the ending says, whichever form it comes through."""

import threading
import zipfile
from collections.abc import Callable
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.content.svg import check_drawing

# File systems hold 255 bytes a name (a Chinese character has three), the database 100 characters with the folder.
MAX_NAME_BYTES = 200
MAX_NAME_CHARACTERS = 80
# A PDF may begin with other bytes, says its specification (ISO 32000-1, annex H); readers look this far.
PDF_HEADER_WITHIN = 1024
# The folder that tells the kinds of Office file apart (ECMA-376, part 2: all are ZIP packages).
OFFICE_FOLDERS = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
# Programs in a document have endings of their own (.docm, .xlsm), which are not let in; nor are they under these.
MACROS = ("vbaproject.bin", "vbadata.xml")
TEXT_SAMPLE = 65_536
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# An MP4 names its brand in the box at its beginning (ISO/IEC 14496-12, 4.3); WebM begins like EBML (RFC 8794).
MP4_MARK, WEBM_MARK = b"ftyp", b"\x1a\x45\xdf\xa3"

# Guards Pillow's process-wide switch between decoding strictly and filling up what is missing.
_strictly = threading.Lock()

NAME_TOO_LONG = _("The name of the file is too long (%(characters)s characters). Rename it to at most %(most)s.")
NOT_WHAT_IT_SAYS = _("The content is no .%(ending)s file. Save it in that format and upload it again.")
NO_IMAGE = _("The image is damaged or incomplete. Open it, save it anew and upload it again.")


def check_name(name: str) -> None:
    """See that the file can be stored under its name.

    Raises:
        ValidationError: it is too long.
    """
    if len(name) > MAX_NAME_CHARACTERS or len(name.encode()) > MAX_NAME_BYTES:
        raise ValidationError(
            NAME_TOO_LONG, "name_too_long", {"characters": len(name), "most": min(MAX_NAME_CHARACTERS, 60)}
        )


def check_document(upload: Any) -> None:
    """See that the content of a document is what its ending says.

    Raises:
        ValidationError: it is something else. Endings nobody checks here are left to the list of allowed ones.
    """
    ending = str(upload.name).rpartition(".")[2].lower()
    looks = LOOKS.get(ending)
    if looks is None:
        return
    upload.seek(0)
    is_right = looks(upload)
    upload.seek(0)
    if not is_right:
        raise ValidationError(NOT_WHAT_IT_SAYS, "other_content", {"ending": ending})


def check_image(upload: Any) -> None:
    """Decode an image whose size has been checked, to the last line; see that a drawing only draws.

    Raises:
        ValidationError: it is damaged, ends too early, or is a drawing that runs or fetches something.
    """
    upload.seek(0)
    if str(upload.name).lower().endswith(".svg"):
        check_drawing(upload.read())
        upload.seek(0)
        return
    try:
        image = Image.open(upload)
        # Wagtail's image library has Pillow fill up what is missing, so that old damaged images are still shown.
        with _strictly:
            tolerant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
            try:
                image.load()
            finally:
                ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    except Exception as error:
        raise ValidationError(NO_IMAGE, "damaged_image") from error
    finally:
        upload.seek(0)


def _is_pdf(file: IO[bytes]) -> bool:
    return b"%PDF-" in file.read(PDF_HEADER_WITHIN)


def _is_mp4(file: IO[bytes]) -> bool:
    return file.read(8)[4:] == MP4_MARK


def _is_webm(file: IO[bytes]) -> bool:
    return file.read(4) == WEBM_MARK


def _is_zip(file: IO[bytes]) -> bool:
    return zipfile.is_zipfile(file)


def _is_office(folder: str) -> Callable[[IO[bytes]], bool]:
    def looks(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as package:
                names = package.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        has_macros = any(name.lower().endswith(MACROS) for name in names)
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not has_macros

    return looks


def _is_text(file: IO[bytes]) -> bool:
    sample = file.read(TEXT_SAMPLE)
    return sample.startswith(UTF16_MARKS) or b"\x00" not in sample


LOOKS: dict[str, Callable[[IO[bytes]], bool]] = {
    "pdf": _is_pdf,
    "zip": _is_zip,
    "txt": _is_text,
    "csv": _is_text,
    "mp4": _is_mp4,
    "webm": _is_webm,
    **{ending: _is_office(folder) for ending, folder in OFFICE_FOLDERS.items()},
}


class CheckedImageField(WagtailImageField):
    """Wagtail's field, which fails on files that begin like an image and are none."""

    def to_python(self, data: Any) -> Any:
        """Return the upload.

        Raises:
            ValidationError: it is no whole image of an allowed format and size, or its name is too long.
        """
        if data not in self.empty_values:
            check_name(data.name)
        try:
            upload = super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:
            raise ValidationError(NO_IMAGE, "damaged_image") from error
        if upload is not None:
            check_image(upload)
        return upload


class CheckedImageForm(BaseImageForm):
    """Form of an image, for every way of uploading one: single, several, in a chooser, by the API.

    A new image is chosen from the files or, on a phone, taken with the camera; a photo without a title gets its time.
    """

    CAMERA = "camera"

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        data, files = self._with_photo(data, files, kwargs.get("prefix"))
        super().__init__(data, files, *args, **kwargs)
        given = self.fields.get("file")
        if given is not None:
            checked = CheckedImageField(label=given.label, required=given.required, widget=given.widget)
            checked.max_length = given.max_length
            self.fields["file"] = checked
            if self.instance.pk is None:
                self._offer_camera()

    def _offer_camera(self) -> None:
        attributes = {"accept": "image/*", "capture": "environment"}
        camera = forms.FileField(
            required=False,
            label=_("Take a photo"),
            widget=forms.FileInput(attrs=attributes),
            help_text=_("Opens the camera of the phone or tablet; instead of a file."),
        )
        order = ["title", "file", self.CAMERA]
        self.fields[self.CAMERA] = camera
        self.order_fields(order)

    @classmethod
    def _with_photo(cls, data: Any, files: Any, prefix: str | None) -> tuple[Any, Any]:
        """Let a photo stand for the file that was not chosen."""

        def key(name: str) -> str:
            return f"{prefix}-{name}" if prefix else name

        photo = files.get(key(cls.CAMERA)) if files else None
        if photo is None or files.get(key("file")):
            return data, files
        files = MultiValueDict({**dict(files.lists()), key("file"): [photo]})
        if not (data.get(key("title")) or "").strip():
            data = data.copy()
            data[key("title")] = timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")
        return data, files


class CheckedDocumentForm(BaseDocumentForm):
    """Form of a document, for every way of uploading one."""

    def clean_file(self) -> Any:
        """Look at name and content of a new file."""
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data and upload:
            check_name(upload.name)
            check_document(upload)
        return upload
