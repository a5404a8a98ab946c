"""Pages of evidence, each at a permanent address and as PDF: the paper of an attempt, a signed checklist.

Open to the auditors and superiors of the person, with the answer key, and to the person, without it. Everybody else is
answered as if there were none. Each look is written into the audit log; who has read a key counts as knowing the
answers (``certification.quizzes.independence``).
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.evidence.queries import (
    PaperEvidence,
    closed_attempt,
    paper_evidence,
    places_then,
    rows_for_reading,
    signed_practical,
)
from certification.models import PracticalAssessment
from certification.permissions import can_open_evidence, can_open_practical, can_read_key
from portal.access import audit
from portal.content.photos import jpeg_data_uri
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response, render_pdf

# A photo on paper is 42 mm wide: about 300 dots an inch.
PRINTED_SIDE = 500


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper of a closed attempt."""
    return render(request, "certification/evidence/paper.html", _paper_facts(request, pk))


@login_required
@require_safe
def paper_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the paper of a closed attempt as PDF."""
    facts = _paper_facts(request, pk)
    attempt = facts["paper"].attempt
    printed = render_pdf("certification/evidence/print/paper.html", facts | {"title": _("Answer paper")})
    return pdf_response(
        request, printed, file_name(_("Answer paper"), attempt.person.name, attempt.pk, extension="pdf")
    )


def _paper_facts(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return the paper the reader may open, and record the look.

    Raises:
        Http404: there is none, it is not closed yet, or not for this reader.
    """
    attempt = closed_attempt(pk)
    if attempt is None or not can_open_evidence(request.user, attempt.person):
        raise Http404
    shows_key = can_read_key(request.user, attempt.person)
    found: PaperEvidence = paper_evidence(attempt, shows_key=shows_key)
    audit.record(
        "certification.paper_opened",
        attempt,
        actor=request.user,
        person=attempt.person_id,
        bank=attempt.quiz.bank.code,
        with_key=shows_key,
    )
    places = places_then(attempt.person, timezone.localdate(attempt.started_at))
    return {"paper": found, "subject": attempt.person, "places": places}


@login_required
@never_cache
@require_safe
def practical(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a checklist as it was signed."""
    return render(request, "certification/evidence/practical.html", _practical_facts(request, pk))


@login_required
@require_safe
def practical_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a signed checklist as PDF."""
    facts = _practical_facts(request, pk)
    signed = facts["signed"]
    for row in facts["rows"]:
        row["printed"] = [jpeg_data_uri(photo.document, side=PRINTED_SIDE) for photo in row["pictures"]]
    printed = render_pdf("certification/evidence/print/practical.html", facts | {"title": _("Practical assessment")})
    return pdf_response(
        request, printed, file_name(_("Practical assessment"), signed.person.name, signed.pk, extension="pdf")
    )


@login_required
@never_cache
@require_safe
def practical_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """Serve a photo of a signed checklist to whom the checklist is open; for everybody else there is none."""
    signed: PracticalAssessment | None = signed_practical(pk)
    if signed is None or not can_open_practical(request.user, signed):
        raise Http404
    shown = get_object_or_404(signed.photos.select_related("document"), pk=photo)
    return FileResponse(shown.document.file.open("rb"), content_type="image/jpeg")


def _practical_facts(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return the signed checklist the reader may open, and record the look.

    Raises:
        Http404: there is none, or not for this reader.
    """
    signed: PracticalAssessment | None = signed_practical(pk)
    if signed is None or not can_open_practical(request.user, signed):
        raise Http404
    audit.record("certification.checklist_opened", signed, actor=request.user, person=signed.person_id)
    places = places_then(signed.person, signed.assessed_on)
    return {
        "signed": signed,
        "subject": signed.person,
        "places": places,
        "rows": rows_for_reading(signed, request.user),
    }
