"""The page of what a revised manual asks of somebody: reading and confirming, a short quiz, showing all anew."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from certification.forms import OnceForm
from certification.models import ManualReading
from certification.requirements.readings import quiz_code
from certification.revisions.domain import confirm_manual, confirm_reading
from certification.revisions.queries import readings_of
from certification.training_file.queries import files_of
from kb.enums import VerdictKind
from kb.manuals.comparison_views import comparison_url
from kb.manuals.domain import current_edition
from kb.models import Manual
from portal.audiences import can_open


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


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read_manual(request: HttpRequest, number: str) -> HttpResponse:
    """Show the current edition of a manual that a scheme asks to read; a post confirms it."""
    manual = get_object_or_404(Manual.objects.filter(required_by__isnull=False).distinct(), number=number)
    edition = current_edition(manual)
    if edition is None or not can_open(request.user, manual.audience):
        raise Http404
    form = OnceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        confirm_manual(edition, person=request.user, form_key=form.cleaned_data["form_key"])
        messages.success(request, _("Your reading is on record."))
        return redirect("certification:mine")
    last = ManualReading.objects.filter(person=request.user, edition=edition).order_by("-confirmed_at").first()
    context = {"edition": edition, "form": form, "last": last}
    return render(request, "certification/revisions/read_manual.html", context, status=422 if form.errors else 200)
