"""An edition as a PDF: cover, contents with page numbers, bookmarks, running heads, tags."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation
from weasyprint.urls import URLFetcherResponse

from kb.manuals.queries import chapters_for_reading
from kb.manuals.tree import nodes_of
from kb.models import ManualEdition
from kb.models.blocks import plain_text
from kb.translations.bodies import read_edition
from kb.translations.queries import versions_in
from kb.translations.reading import reading_of
from portal.content.files import image_of
from portal.enums import Audience
from portal.exchange.pdf import LocalFetcher, Printed, render_pdf

TEMPLATE = "kb/manuals/print/edition.html"
#: Characters on a page of running text, to guess how far layout has come.
PAGE_CHARACTERS = 900
LAYOUT = 5
#: Percent when each of WeasyPrint's steps begins; layout counts its pages between two of them.
BEGINS = {1: 5, 2: 10, 3: 12, 4: 14, 5: 15, 6: 85, 7: 95}


class PictureFetcher(LocalFetcher):
    """Gives the pictures of the portal too, as far as everybody who may open the manual may see them."""

    def __init__(self, audience: str) -> None:
        super().__init__()
        self.audience = audience

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the resource.

        Raises:
            ValueError: the address is of no static file and no picture, or of one for fewer readers than the manual.
        """
        begin = f"{settings.PUBLIC_URL}{settings.MEDIA_URL}"
        if not url.startswith(begin):
            return super().fetch(url, headers)
        name = url.removeprefix(begin)
        image = image_of(name)
        if image is None or _rank(image.audience) > _rank(self.audience):
            raise ValueError(f"Not a picture for all readers of the manual: {name[:120]}")
        with default_storage.open(name) as file:
            return URLFetcherResponse(url, file.read())


def print_edition(
    edition: ManualEdition, tell: Callable[[int], object], *, language: str = settings.LANGUAGE_CODE
) -> Printed:
    """Return the PDF of an edition in a language, as far as there are versions in it.

    Args:
        edition: with its manual.
        tell: called with the percent done.
    """
    with translation.override(language):
        return _print(edition, tell, language)


def _print(edition: ManualEdition, tell: Callable[[int], object], language: str) -> Printed:
    chapters = list(chapters_for_reading(edition))
    versions = versions_in(edition.manual, edition)
    reading = reading_of(versions, language)
    read_edition(edition.manual, chapters, versions, reading)
    nodes = nodes_of(chapters)
    pages = max(1, sum(len(plain_text(node.chapter.body)) for node in nodes) // PAGE_CHARACTERS + len(nodes) // 2)

    def told(step: int, page: int) -> None:
        begin, end = BEGINS.get(step, 0), BEGINS.get(step + 1, 99)
        share = min(page / pages, 1) if step == LAYOUT else 0
        tell(int(begin + share * (end - begin)))

    return render_pdf(
        TEMPLATE,
        edition_context(edition, nodes) | {"reading": reading},
        fetcher=PictureFetcher(edition.manual.audience),
        tell=told,
    )


def edition_context(edition: ManualEdition, nodes: list[Any]) -> dict[str, Any]:
    """Return what the template prints."""
    return {
        "edition": edition,
        "manual": edition.manual,
        "nodes": nodes,
        # Pictures are put into the paper rather than linked.
        "print": True,
        "title": f"{edition.manual.title} {edition.edition}",
    }


def _rank(audience: str) -> int:
    return list(Audience.values).index(audience)
