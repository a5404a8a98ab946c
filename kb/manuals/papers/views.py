"""The PDF of an edition: downloaded when ready, else how far it is; for whoever may open the manual."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kb.enums import PaperState
from kb.manuals import queries
from kb.manuals.papers.domain import is_lost, is_outdated, queue_paper
from kb.models import EditionPaper, ManualEdition
from kb.translations.languages import PARAMETER
from kb.translations.queries import versions_in
from kb.translations.reading import reading_for
from portal.audiences import can_open, hide
from portal.content.stamping import taken_paper
from portal.enums import Audience
from portal.exchange.downloads import content_disposition, file_name


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, number: str, edition: str) -> HttpResponseBase:
    """Give the PDF, or the page that tells how far it is; a post has it made where it was not or could not be.

    Raises:
        Http404: no published edition of this name.
    """
    shown = _edition(request, number, edition)
    versions = versions_in(shown.manual, shown)
    reading = reading_for(request, versions)
    found = (
        EditionPaper.objects.filter(edition=shown, language=reading.language).select_related("edition__manual").first()
    )
    if request.method == "POST":
        if not request.user.is_authenticated:
            raise PermissionDenied
        queue_paper(shown, reading.language)
        return redirect(f"{request.path}?{PARAMETER}={reading.language}")
    is_outdated_now = found is not None and is_outdated(found)
    if found is not None and found.state == PaperState.READY and not (is_outdated_now or is_lost(found)):
        return _download(request, shown, found)
    context = {
        "reading": reading,
        "is_outdated": is_outdated_now,
        "here": f"{request.path}?{PARAMETER}={reading.language}",
        "manual": shown.manual,
        "edition": shown,
        "paper": found,
        "is_waiting": found is not None and found.state in (PaperState.QUEUED, PaperState.WORKING),
    }
    template = "kb/manuals/parts/paper_progress.html" if request.headers.get("HX-Request") else "kb/manuals/paper.html"
    return render(request, template, context)


def _edition(request: HttpRequest, number: str, edition: str) -> ManualEdition:
    manual = queries.manual_for_reading(number)
    if manual is None:
        raise Http404
    if not can_open(request.user, manual.audience):
        hide()
    found: Any = next((one for one in manual.published if one.slug == edition), None)
    if found is None:
        raise Http404
    found.manual = manual
    return found


def _download(request: HttpRequest, edition: ManualEdition, paper: EditionPaper) -> HttpResponseBase:
    language = "" if paper.language == settings.LANGUAGE_CODE else paper.language
    name = file_name(edition.manual.title, edition.edition, *filter(None, [language]), extension="pdf")
    if edition.manual.audience == Audience.RESTRICTED:
        with paper.file.open("rb") as file:
            content = taken_paper(request, edition, file.read(), name)
        response: HttpResponseBase = HttpResponse(content, content_type="application/pdf")
    else:
        response = FileResponse(paper.file.open("rb"), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition(name, inline=True)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
