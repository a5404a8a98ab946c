"""Certificates of training of one request: who gets one, issue, print."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from certification.certificates.errors import NothingToPrint
from certification.certificates.training import (
    attended_enough,
    certificates_of,
    issue_training_certificates,
    may_issue,
    readable_request,
    training_certificates_pdf,
)
from courses.enums import SessionState
from courses.models import TrainingRequest
from portal.access import audit
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response


def _request_or_404(request: HttpRequest, pk: int) -> TrainingRequest:
    found = readable_request(request.user, pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def training_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """List the named people with their certificates; a post issues those that are missing."""
    found = _request_or_404(request, pk)
    issues = may_issue(request.user, found)
    if request.method == "POST":
        if not issues:
            raise PermissionDenied
        made = len(issue_training_certificates(found, by=request.user))
        words = ngettext(
            "%(count)d certificate of training issued.", "%(count)d certificates of training issued.", made
        )
        messages.success(request, words % {"count": made})
        return redirect("certification:training_certificates", found.pk)
    issued = {each.nominee_id: each for each in certificates_of(found)}
    rows: list[dict[str, Any]] = [
        {"nominee": nominee, "times": times, "certificate": issued.get(nominee.pk)}
        for nominee, times in attended_enough(found)
    ]
    is_closed = found.session is not None and found.session.state == SessionState.CLOSED
    missing = any(row["times"] and not row["certificate"] for row in rows)
    context = {"found": found, "rows": rows, "issued": issued, "is_closed": is_closed}
    context["may_issue"] = issues and is_closed and missing
    return render(request, "certification/certificates/training_certificates.html", context)


@login_required
@require_safe
def training_certificates_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the certificates of a request that stand, in one PDF.

    Raises:
        NothingToPrint: none was issued.
    """
    found = _request_or_404(request, pk)
    papers = certificates_of(found)
    if not papers:
        raise NothingToPrint
    audit.record("certification.training_certificates_printed", found, actor=request.user, count=len(papers))
    name = file_name(_("Certificates of training"), found.organisation.name, found.number, extension="pdf")
    return pdf_response(request, training_certificates_pdf(papers), name)
