"""List of certificates; certificates and work cards as PDF, single or a whole list."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from certification.certificates import printing
from certification.certificates.credentials import MEDIA_TYPE
from certification.certificates.errors import NotPrintable, UnknownCertificate
from certification.certificates.forms import CertificateFilterForm
from certification.certificates.listing import NOT_PRINTED, certificates_table, printable
from certification.certificates.printing import badges_pdf, card_sheets_pdf, certificates_pdf, work_cards_pdf
from certification.certificates.queries import certificates_in_sight, narrow_certificates
from certification.certificates.verification import find_certificate, verify, verify_many
from certification.models import Certificate
from certification.permissions import can_download_certificate, may_list_certificates
from portal.access import audit
from portal.access.sight import organisations_in_sight
from portal.enums import Tier
from portal.exchange.downloads import content_disposition, file_name
from portal.exchange.exports import export_asked, export_response
from portal.exchange.pdf import Printed, pdf_response

PAGE = 20
# Name of the paper in addresses → how it is made, what it is called, the act in the audit log.
Maker = Callable[[Sequence[Certificate]], Printed]
PAPERS: dict[str, tuple[Maker, Any, str]] = {
    "certificates": (certificates_pdf, gettext_lazy("Certificate"), "certification.certificate_printed"),
    "work-cards": (work_cards_pdf, gettext_lazy("Work card"), "certification.work_card_printed"),
    "card-sheets": (card_sheets_pdf, gettext_lazy("Work cards on sheets"), "certification.work_card_printed"),
    "badges": (badges_pdf, gettext_lazy("Badge"), "certification.badge_printed"),
}


@login_required
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Return the certificate as PDF."""
    return _single(request, number, "certificates")


@login_required
@require_safe
def work_card(request: HttpRequest, number: str) -> HttpResponse:
    """Return the work card as PDF."""
    return _single(request, number, "work-cards")


@login_required
@require_safe
def badge(request: HttpRequest, number: str) -> HttpResponse:
    """Return the badge as PDF."""
    return _single(request, number, "badges")


@login_required
@require_safe
def credential(request: HttpRequest, number: str) -> HttpResponse:
    """Return the signed credential (Open Badges 3.0) for saving."""
    found = _downloadable(request, number)
    audit.record("certification.credential_downloaded", found, actor=request.user)
    response = HttpResponse(printing.credential(found), content_type=MEDIA_TYPE)
    name = file_name(_("Credential"), found.person.name, found.scheme.code, extension="jwt")
    response["Content-Disposition"] = content_disposition(name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _single(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    make, label, act = PAPERS[paper]
    found = _downloadable(request, number)
    printed = make([found])
    audit.record(act, found, actor=request.user)
    return pdf_response(request, printed, file_name(label, found.person.name, found.scheme.code, extension="pdf"))


def _downloadable(request: HttpRequest, number: str) -> Certificate:
    """Return the certificate the reader may download; any other looks unknown.

    Raises:
        UnknownCertificate: there is none, or not for this reader.
        NotPrintable: it is suspended or revoked.
    """
    found = find_certificate(number)
    if not can_download_certificate(request.user, found.person):
        raise UnknownCertificate
    state = verify(found).standing
    if state in NOT_PRINTED:
        raise NotPrintable(standing=state.label)
    return found


@login_required
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """List the certificates of the people in sight by branch, scheme and day of issue; as a page, .xlsx or CSV."""
    form, found = _asked(request)
    if spreadsheet := export_asked(request.GET):
        return export_response(certificates_table(list(found)), spreadsheet)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "rows": verify_many(list(page)), "is_filtered": _is_filtered(form)}
    return render(request, "certification/certificates/certificate_list.html", context)


@login_required
@require_safe
def print_list(request: HttpRequest, paper: str) -> HttpResponse:
    """Return the papers of the whole list, as it is narrowed, in one PDF; what was taken away is left out and named.

    Raises:
        TooManyPapers: the list is longer than one PDF takes.
        NothingToPrint: none of them is printed.
    """
    make, label, act = PAPERS[paper]
    _form, found = _asked(request)
    papers, left_out = printable(found)
    printed = make(papers)
    with transaction.atomic():
        for each in papers:
            audit.record(act, each, actor=request.user)
    if left_out:
        names = _(", ").join(f"{each.person.name} {each.number}" for each in left_out[:10])
        words = _("Not printed, because suspended or revoked (%(count)d): %(names)s")
        messages.warning(request, words % {"count": len(left_out), "names": names})
    return pdf_response(request, printed, file_name(label, len(papers), extension="pdf"))


def _asked(request: HttpRequest) -> tuple[CertificateFilterForm, QuerySet[Certificate]]:
    """Return the filter and the certificates it leaves.

    Raises:
        PermissionDenied: the list is not open to the reader.
    """
    if not may_list_certificates(request.user):
        raise PermissionDenied
    places = organisations_in_sight(request.user).exclude(tier=Tier.CUSTOMER).order_by("path")
    form = CertificateFilterForm(request.GET or None, places=places)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = narrow_certificates(
        certificates_in_sight(request.user),
        branch=chosen.get("organisation"),
        scheme=chosen.get("scheme"),
        start=chosen.get("start"),
        end=chosen.get("end"),
    )
    return form, found


def _is_filtered(form: CertificateFilterForm) -> bool:
    return form.is_bound and any(getattr(form, "cleaned_data", {}).values())
