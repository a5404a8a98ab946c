"""Invitations for named people: a slip each, with the personal link to check in by."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.models import TrainingRequest
from courses.nominations.links import request_of
from courses.nominations.permissions import can_arrange, is_of_the_firm
from courses.nominations.personal import has_invitations, personal_links, renew_personal_links
from courses.nominations.views.naming import RATE
from courses.nominations.views.requests import found_or_404
from portal.access.rate_limits import limit
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response, render_pdf
from portal.exchange.qr import svg_data_uri


@login_required
@require_safe
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the slips to who arranges the training, and to the customer's contact who is signed in."""
    found = found_or_404(request, pk)
    if not (can_arrange(request.user, found) or is_of_the_firm(request.user, found)):
        raise PermissionDenied
    return _slips(request, found)


@never_cache
@require_safe
def invitations_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the slips to whoever holds the link under which people are named; a wrong or revoked one is 404."""
    limit(request, "naming", RATE)
    found = request_of(secret)
    if found is None:
        raise Http404
    response = _slips(request, found)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _slips(request: HttpRequest, found: TrainingRequest) -> HttpResponse:
    """Print a slip for everybody on the list.

    Raises:
        Http404: there is no session yet, or nobody is named.
    """
    if not has_invitations(found, found.nominees.named()):
        raise Http404
    links = personal_links(found)
    context = {
        "title": _("Invitation to training"),
        "found": found,
        "session": found.session,
        "slips": [(link, svg_data_uri(link.address)) for link in links],
    }
    content = render_pdf("courses/nominations/print/invitations.html", context)
    return pdf_response(request, content, file_name(_("Invitations"), found.number, extension="pdf"))


@login_required
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Take all personal links back: what was printed opens nothing any more."""
    found = found_or_404(request, pk)
    renew_personal_links(found, by=request.user)
    messages.success(request, _("The personal links were taken back. Print the invitations again."))
    return redirect(found)
