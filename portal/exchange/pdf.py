"""Render templates as tagged PDFs (WeasyPrint) and refuse characters that the print typeface has no glyph for.

Nothing is fetched from the network, fonts are bundled, and a character the typeface lacks is refused by
name instead of being printed as a box.
"""

import html
import logging
import re
import threading
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.errors import DomainError
from portal.exchange.downloads import content_disposition
from portal.exchange.pdf_tags import name_header_scopes
from portal.models import PortalSettings

STATIC_SOURCE = Path(settings.BASE_DIR) / "static"
FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
NO_GLYPH_LOG_LINE = ".notdef glyph"
MARKUP = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)

# WeasyPrint and fontconfig keep state for the process: one document at a time, one font configuration.
_one_at_a_time = threading.Lock()


class GlyphMissing(DomainError):
    """The typeface has no picture for a character, mostly a rare one in a name."""

    code = "glyph_missing"
    status = 422
    message = _(
        "The document was not made: the print typeface has no glyph for %(characters)s. "
        "Write the name with a character the typeface knows, or ask the administrator."
    )


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
    """Return the file behind ``/static/…`` or a file: address in a static folder; None for anything else."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    collected = Path(settings.STATIC_ROOT)
    if parts.scheme == "file":
        found = Path(path).resolve()
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
def _stylesheets() -> list[CSS]:
    sheets = sorted((STATIC_SOURCE / "css" / "print").glob("*.css"), key=lambda path: (path.stem != "base", path))
    return [CSS(filename=sheet, font_config=_fonts(), url_fetcher=LocalFetcher()) for sheet in sheets]


@cache
def _characters() -> frozenset[int]:
    """Code points both weights can draw."""
    known = []
    for name in FONTS:
        with TTFont(STATIC_SOURCE / "fonts" / name, lazy=True) as font:
            known.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*known)


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of ``text`` the print typeface cannot draw (spaces need no glyph)."""
    known = _characters()
    return {character for character in set(text) if ord(character) not in known and character.isprintable()}


class _MissingGlyphs(logging.Handler):
    """Collects WeasyPrint's warnings about missing glyphs, a second check after our own."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.characters: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the character named in a ``.notdef`` line."""
        if NO_GLYPH_LOG_LINE in str(record.msg) and isinstance(record.args, tuple) and record.args:
            self.characters.add(str(record.args[0]))


def _refuse(characters: set[str]) -> None:
    if characters:
        names = "、".join(f"{character} (U+{ord(character[0]):04X})" for character in sorted(characters))
        raise GlyphMissing(characters=names)


def render_pdf(
    template: str, context: dict[str, Any], *, base_url: str | None = None, variant: str | None = "pdf/ua-1"
) -> bytes:
    """Render a template (see templates/print/base.html) in the active language as a tagged PDF.

    Args:
        template: name of a template; it extends ``print/base.html`` and uses no inline style.
        context: its facts; ``portal_settings``, ``printed_at``, ``zone`` and ``language`` are added.
        base_url: what relative links are resolved against, PUBLIC_URL by default.
        variant: WeasyPrint's ``pdf_variant``; ``pdf/ua-1`` asks for tags. No conformance is claimed.

    Raises:
        GlyphMissing: the text has characters the typeface lacks; they are named.
    """
    facts = {
        "portal_settings": PortalSettings.load(),
        "printed_at": timezone.now(),
        "zone": timezone.get_current_timezone_name(),
        "language": translation.get_language(),
    }
    markup = render_to_string(template, facts | context)
    _refuse(missing_glyphs(html.unescape(MARKUP.sub(" ", markup))))
    complaints = _MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    with _one_at_a_time:
        logger.addHandler(complaints)
        try:
            address = base_url or f"{settings.PUBLIC_URL}/"
            document = HTML(string=markup, base_url=address, url_fetcher=LocalFetcher())
            content = document.write_pdf(
                stylesheets=_stylesheets(),
                font_config=_fonts(),
                pdf_variant=variant,
                optimize_images=True,
                finisher=name_header_scopes,
            )
        finally:
            logger.removeHandler(complaints)
    _refuse(complaints.characters)
    return content


def pdf_response(content: bytes, filename: str, inline: bool = True) -> HttpResponse:
    """Return the PDF as an answer that no shared cache keeps.

    Args:
        filename: with extension; may be Chinese.
        inline: show it in the browser; False offers it for saving.
    """
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition(filename, inline=inline)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
