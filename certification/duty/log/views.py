"""Pages for managers and auditors: what the gate was asked and answered, and a question asked once more."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.duty.log.exporter import inquiries_table
from certification.duty.log.forms import InquiryFilterForm
from certification.duty.log.queries import ask_again, inquiries_in_sight, narrow_inquiries
from certification.permissions import may_audit
from portal.access.lookup import find_equipment
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.ui.typed import refuse_typed

PAGE = 30
# Rows of one file; more are narrowed first.
MAX_EXPORTED = 50_000


@login_required
@never_cache
@require_safe
def inquiries(request: HttpRequest) -> HttpResponse:
    """List what was asked about people in sight, newest first; filtered, as a page, .xlsx or CSV."""
    if not may_audit(request.user):
        raise PermissionDenied
    form = InquiryFilterForm(request.GET or None)
    chosen = _chosen(request, form)
    rows = inquiries_in_sight(request.user)
    if chosen is not None:
        rows = narrow_inquiries(rows, **chosen)
    if (spreadsheet := export_asked(request.GET)) and chosen is not None:
        return export_response(inquiries_table(rows[:MAX_EXPORTED]), spreadsheet)
    context = {
        "form": form,
        "page_obj": Paginator(rows if chosen is not None else rows.none(), PAGE).get_page(request.GET.get("page")),
        "is_filtered": form.is_bound,
    }
    status = 200 if chosen is not None else 422
    return render(request, "certification/duty/log/inquiries.html", context, status=status)


def _chosen(request: HttpRequest, form: InquiryFilterForm) -> dict[str, Any] | None:
    """Return what the list is narrowed to; None where a filter cannot be read, which its field says."""
    if not form.is_bound:
        return {}
    if not form.is_valid():
        return None
    chosen: dict[str, Any] = dict(form.cleaned_data)
    typed = chosen.pop("equipment").strip()
    if typed:
        try:
            chosen["equipment"] = find_equipment(typed, request.user)
        except DomainError as error:
            refuse_typed(form, "equipment", error)
            return None
    return chosen


@login_required
@never_cache
@require_safe
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question with the answer it got, and the answer the gate gives to it today as known then.

    Raises:
        Http404: there is none, or it is about somebody out of sight.
    """
    row = inquiries_in_sight(request.user).filter(pk=pk).select_related("equipment__category").first()
    if row is None:
        raise Http404
    return render(request, "certification/duty/log/inquiry.html", {"inquiry": row, "again": ask_again(row)})
