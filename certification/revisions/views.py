"""The page of what a revised manual asks of somebody: reading and confirming, a short quiz, showing all anew."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from certification.requirements.readings import quiz_code
from certification.revisions.domain import confirm_reading
from certification.revisions.queries import readings_of
from certification.training_file.queries import files_of
from kb.enums import VerdictKind
from kb.manuals.comparison_views import comparison_url


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what must be done and until when; a post confirms a reading. Who was not asked finds nothing here."""
    verdict = get_object_or_404(readings_of(request.user), pk=pk)
    if request.method == "POST":
        confirm_reading(verdict, person=request.user)
        messages.success(request, _("Your reading is on record."))
        return redirect("certification:reading", pk)
    schemes = set(request.user.readings_due.filter(verdict=verdict).values_list("scheme", flat=True))
    is_full = verdict.kind == VerdictKind.FULL
    context = {
        "verdict": verdict,
        "compared": comparison_url(verdict.replaces, verdict.edition) if verdict.replaces else "",
        "quiz_url": reverse("certification:quiz", args=[quiz_code(verdict.pk)]),
        "files": [file for file in files_of(request.user) if file.scheme.pk in schemes] if is_full else [],
    }
    return render(request, "certification/revisions/reading.html", context)
