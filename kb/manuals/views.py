"""Pages of manuals: list, current edition, earlier editions."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from kb.faults.queries import faults_by_chapter
from kb.manuals import queries
from kb.manuals.tree import nodes_of
from kb.models import Manual, ManualEdition
from kb.translations.bodies import read_edition
from kb.translations.queries import title_in, versions_in
from kb.translations.reading import reading_for
from portal.audiences import can_open, hide
from portal.offline.keeping import keepable

PAGE = 20


@require_safe
def manual_list(request: HttpRequest) -> HttpResponse:
    """List the manuals the reader may open."""
    manuals = queries.listed_manuals(queries.manuals_for(request.user)).order_by("category__path", "number")
    page = Paginator(manuals, PAGE).get_page(request.GET.get("page"))
    title_in(page, translation.get_language(), "summary")
    return render(request, "kb/manuals/manual_list.html", {"page_obj": page})


@require_safe
def manual(request: HttpRequest, number: str, edition: str = "") -> HttpResponse:
    """Show the current edition, or the one named in the address (A-1 for A/1), which citations name and which stays."""
    found = queries.manual_for_reading(number)
    if found is None:
        raise Http404
    if not can_open(request.user, found.audience):
        hide()
    current = found.published[0]
    shown = next((one for one in found.published if one.slug == edition), None) if edition else current
    if shown is None:
        raise Http404
    return keepable(
        request,
        render(request, "kb/manuals/manual.html", _read(request, edition_facts(found, shown, current, request.user))),
        address=request.path,
        title=f"{found.title} {shown.edition}",
        kind="manual",
        audience=found.audience,
    )


def _read(request: HttpRequest, facts: dict[str, Any]) -> dict[str, Any]:
    """Put an edition into the language asked for, or that of the screen, as far as there are versions in it."""
    versions = versions_in(facts["manual"], facts["edition"])
    reading = reading_for(request, versions)
    read_edition(facts["manual"], facts["chapters"], versions, reading)
    return facts | {"reading": reading}


def edition_facts(manual: Manual, edition: ManualEdition, current: ManualEdition, reader: Any) -> dict[str, Any]:
    """Return what the page and the preview of an edition show."""
    chapters = list(queries.chapters_for_reading(edition))
    return {
        "manual": manual,
        "edition": edition,
        "current": current,
        "is_current": edition == current,
        "chapters": chapters,
        "nodes": nodes_of(chapters),
        "faults": faults_by_chapter(chapters, reader),
    }
