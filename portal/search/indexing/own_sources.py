"""Search sources of the portal app: information pages and uploaded files."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.translation import pgettext_lazy
from wagtail.models import PageViewRestriction, Site

from portal.models import InformationPage
from portal.registry.search import SearchDocument, SearchSource, register
from portal.search.indexing import files


def pages() -> QuerySet[InformationPage]:
    """Return the pages that may be found: live, and neither they nor a page above behind a restriction of Wagtail's."""
    return InformationPage.objects.live().public()


def page_documents(page: InformationPage) -> Iterator[SearchDocument]:
    """Yield the document of a live page."""
    if page.live and page.url:
        yield SearchDocument(
            ref=f"PAGE-{page.pk}",
            kind="page",
            title=page.title,
            url=page.url,
            audience=page.audience,
            text=f"{page.introduction}\n{_without_markup(page.body)}",
        )


def _restricted_by(restriction: PageViewRestriction) -> QuerySet[InformationPage]:
    return InformationPage.objects.descendant_of(restriction.page, inclusive=True)


def register_sources() -> None:
    """Tell search about pages and files."""
    register(
        SearchSource(
            kind="page",
            label=pgettext_lazy("search kind", "Page"),
            model=InformationPage,
            queryset=pages,
            documents=page_documents,
            # The root page of a site decides about the addresses of all.
            related={PageViewRestriction: _restricted_by, Site: lambda site: InformationPage.objects.all()},
            weight=0.7,
            lookup=lambda text: pages().filter(title__icontains=text),
            icon="info",
        )
    )
    files.register_source()


def _without_markup(text: str) -> str:
    text = text.replace("</p>", "</p>\n").replace("</li>", "</li>\n").replace("</h2>", "</h2>\n")
    return unescape(strip_tags(text))
