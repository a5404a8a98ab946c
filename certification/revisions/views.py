"""The page on which somebody confirms that a revised manual was read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from certification.revisions.domain import confirm_reading
from certification.revisions.queries import readings_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what must be read and until when; a post confirms it. Who was not asked finds nothing here."""
    verdict = get_object_or_404(readings_of(request.user), pk=pk)
    if request.method == "POST":
        confirm_reading(verdict, person=request.user)
        messages.success(request, _("Your reading is on record."))
        return redirect("certification:reading", pk)
    return render(request, "certification/revisions/reading.html", {"verdict": verdict})
