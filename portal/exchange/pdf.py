"""Render templates as tagged PDFs (WeasyPrint).

Nothing is fetched from the network and fonts are bundled (``portal.exchange.glyphs``). A character no face can draw is
printed as its code point, a note on the paper says so, and the reader is told.
"""

import gc
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.exchange.downloads import content_disposition
from portal.exchange.glyphs import faces, font_stylesheet, has_shape, mark_missing
from portal.exchange.pdf_tags import name_header_scopes
from portal.models import PortalSettings

STATIC_SOURCE = Path(settings.BASE_DIR) / "static"
NO_GLYPH_LOG_LINE = ".notdef glyph"

# WeasyPrint and fontconfig keep state for the process: one document at a time, one font configuration.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Printed:
    """A rendered PDF.

    Args:
        content: the file.
        marked: characters no face could draw, printed as their code points.
    """

    content: bytes
    marked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attached:
    """A file inside a PDF.

    Args:
        name: of the file, in ASCII.
        description: what it is, in words.
    """

    name: str
    content: str
    description: str


class LocalFetcher(URLFetcher):
    """Gives static files and data: addresses, and nothing else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the resource.

        Raises:
            ValueError: the address points anywhere but to a static file of this project or into itself.
        """
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = static_path(url)
        if path is None:
            raise ValueError(f"A PDF may show static files and data: addresses only, not {url[:120]}")
        return URLFetcherResponse(path.as_uri(), path.read_bytes())


def static_path(url: str) -> Path | None:
    """Return the file behind ``/static/…`` or the file: address of a static file or a face; None for anything else."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    collected = Path(settings.STATIC_ROOT)
    if parts.scheme == "file":
        found = Path(path).resolve()
        if found in _face_files():
            return found
    elif f"{parts.scheme}://{parts.netloc}" == settings.PUBLIC_URL and path.startswith(settings.STATIC_URL):
        name = path.removeprefix(settings.STATIC_URL)
        found = (STATIC_SOURCE / name).resolve()
        if not found.is_file():  # a name with its hash exists only where static files were collected
            found = (collected / name).resolve()
    else:
        return None
    inside = any(found.is_relative_to(root.resolve()) for root in (STATIC_SOURCE, collected))
    return found if inside and found.is_file() else None


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _face_files() -> frozenset[Path]:
    return frozenset(path.resolve() for face in faces() for _weight, path in face.paths)


@cache
def _stylesheets() -> list[CSS]:
    paths = sorted((STATIC_SOURCE / "css" / "print").glob("*.css"), key=lambda path: (path.stem != "base", path))
    # The address only says that relative ones are files; every url() of the sheet is absolute.
    fonts = CSS(
        string=font_stylesheet(), base_url=STATIC_SOURCE.as_uri(), font_config=_fonts(), url_fetcher=LocalFetcher()
    )
    return [fonts, *(CSS(filename=path, font_config=_fonts(), url_fetcher=LocalFetcher()) for path in paths)]


class _MissingGlyphs(logging.Handler):
    """Collects WeasyPrint's warnings about missing glyphs, a second check after our own."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.characters: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the character named in a ``.notdef`` line."""
        if NO_GLYPH_LOG_LINE in str(record.msg) and isinstance(record.args, tuple) and record.args:
            self.characters |= set(filter(has_shape, str(record.args[0])))


class _Progress(logging.Handler):
    """Hands on what WeasyPrint says of its steps: the step (1 to 7), and the page while it lays pages out."""

    LINE = re.compile(r"Step (\d)(?:.*Page (\d+))?")

    def __init__(self, tell: Callable[[int, int], object]) -> None:
        super().__init__(logging.INFO)
        self.tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the step and the page of a line of progress."""
        if found := self.LINE.match(record.getMessage()):
            self.tell(int(found[1]), int(found[2] or 0))


@contextmanager
def _told(tell: Callable[[int, int], object] | None) -> Iterator[None]:
    logger = logging.getLogger("weasyprint.progress")
    if tell is None:
        yield
        return
    handler, level, propagates = _Progress(tell), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    # A line a page is for the handler, not for the log.
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    base_url: str | None = None,
    variant: str | None = "pdf/ua-1",
    fetcher: URLFetcher | None = None,
    tell: Callable[[int, int], object] | None = None,
    optimize: bool = True,
    attached: Sequence[Attached] = (),
) -> Printed:
    """Render a template (see templates/print/base.html) in the active language as a tagged PDF.

    Args:
        template: name of a template; it extends ``print/base.html`` and uses no inline style.
        context: its facts; ``portal_settings``, ``printed_at``, ``zone`` and ``language`` are added.
        base_url: what relative links are resolved against, PUBLIC_URL by default.
        variant: WeasyPrint's ``pdf_variant``; ``pdf/ua-1`` asks for tags. No conformance is claimed.
        fetcher: gives more than static files, for papers with pictures; a `LocalFetcher` by default.
        tell: called with WeasyPrint's step (1 to 7; 5 is layout) and the page it lays out.
        optimize: pack pictures as tightly as can be; papers whose pictures are made for them do without.
        attached: files to put into the PDF.
    """
    facts = {
        "portal_settings": PortalSettings.load(),
        "printed_at": timezone.now(),
        "zone": timezone.get_current_timezone_name(),
        "language": translation.get_language(),
    }
    markup = render_to_string(template, facts | context)
    address = base_url or f"{settings.PUBLIC_URL}/"
    marked_up, missing = mark_missing(markup)
    means = (address, variant, fetcher or LocalFetcher(), tell, optimize, attached)
    content, complaints = _write(_with_note(marked_up, missing), *means)
    if complaints:
        # A face that names a character and has no picture for it, or a sequence it cannot join.
        marked_up, missing = mark_missing(markup, also=complaints)
        content, _rest = _write(_with_note(marked_up, missing), *means)
    return Printed(content, tuple(missing))


def _write(
    markup: str,
    address: str,
    variant: str | None,
    fetcher: URLFetcher,
    tell: Callable[[int, int], object] | None,
    optimize: bool,
    attached: Sequence[Attached],
) -> tuple[bytes, set[str]]:
    """Return the PDF and the characters WeasyPrint found no glyph for."""
    complaints = _MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    with _one_at_a_time, _told(tell):
        logger.addHandler(complaints)
        # Layout makes a million objects that live until the end; looking through them for garbage takes a fifth of it.
        gc.disable()
        try:
            document = HTML(string=markup, base_url=address, url_fetcher=fetcher)
            content = document.write_pdf(
                stylesheets=_stylesheets(),
                font_config=_fonts(),
                pdf_variant=variant,
                attachments=[
                    Attachment(string=file.content, name=file.name, description=file.description, relationship="Data")
                    for file in attached
                ],
                optimize_images=optimize,
                finisher=name_header_scopes,
            )
        finally:
            gc.enable()
            logger.removeHandler(complaints)
    return content, complaints.characters


def _with_note(markup: str, missing: list[str]) -> str:
    """Say on the paper what the marks stand for."""
    if not missing:
        return markup
    note = _("〔U+…〕 stands for a character that no print typeface has. Write it in by hand.")
    return markup.replace("</body>", f'<p class="no-glyph-note">{escape(note)}</p></body>', 1)


def pdf_response(request: HttpRequest, printed: Printed, filename: str, inline: bool = True) -> HttpResponse:
    """Return the PDF as an answer that no shared cache keeps; what it marks is said on the reader's next page.

    Args:
        filename: with extension; may be Chinese.
        inline: show it in the browser; False offers it for saving.
    """
    if printed.marked:
        characters = "、".join(f"{character} (U+{ord(character):04X})" for character in printed.marked)
        words = _("“%(filename)s”: no print typeface has %(characters)s; the code is printed in its place.")
        messages.warning(request, words % {"filename": filename, "characters": characters})
    response = HttpResponse(printed.content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition(filename, inline=inline)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
