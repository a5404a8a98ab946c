"""Downloads of certificates and work cards."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.certificates.errors import NotPrintable, UnknownCertificate
from certification.certificates.printing import certificate_pdf, work_card_pdf
from certification.certificates.verification import find_certificate, verify
from certification.enums import Standing
from certification.models import Certificate
from certification.permissions import can_download_certificate
from portal.access import audit
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response


@login_required
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Return the certificate as PDF."""
    found = _downloadable(request, number)
    content = certificate_pdf(found)
    audit.record("certification.certificate_printed", found, actor=request.user)
    return pdf_response(content, _name(_("Certificate"), found))


@login_required
@require_safe
def work_card(request: HttpRequest, number: str) -> HttpResponse:
    """Return the work card as PDF."""
    found = _downloadable(request, number)
    content = work_card_pdf(found)
    audit.record("certification.work_card_printed", found, actor=request.user)
    return pdf_response(content, _name(_("Work card"), found))


def _name(paper: str, certificate: Certificate) -> str:
    return file_name(paper, certificate.person.name, certificate.scheme.code, extension="pdf")


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
    if state in (Standing.SUSPENDED, Standing.REVOKED):
        raise NotPrintable(standing=state.label)
    return found
