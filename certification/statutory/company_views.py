"""Pages of licences and insurances of places: list with export, record, scan, withdraw."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import CompanyDocumentKind
from certification.models import CompanyDocument
from certification.permissions import may_survey
from certification.statutory.company import (
    documents_in_sight,
    documents_table,
    places_kept_by,
    record_document,
    withdraw_document,
)
from certification.statutory.fields import ScanField
from certification.statutory.views import scan_response
from portal.access.sight import organisations_in_sight
from portal.enums import Tier
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.models import Organisation
from portal.ui.fields import DayField

PAGE = 20


class DocumentForm(forms.ModelForm):
    """A licence or insurance to record."""

    scan = ScanField(
        required=False,
        help_text=gettext_lazy("A photo or a PDF, 10 MB at most. Who sees the place can open it."),
    )

    class Meta:
        model = CompanyDocument
        fields = ["organisation", "kind", "name", "number", "issuer", "valid_from", "valid_to", "lead_days"]
        field_classes = {"valid_from": DayField, "valid_to": DayField}

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places


class DocumentFilterForm(forms.Form):
    """What the list is narrowed to; wrong values narrow nothing."""

    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("Every kind")), *CompanyDocumentKind.choices],
        required=False,
        label=gettext_lazy("Kind"),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        to_field_name="code",
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("All in my sight"),
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places


@login_required
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """List the licences and insurances of the places in sight by kind and branch; as a page, .xlsx or CSV."""
    if not may_survey(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    places = organisations_in_sight(request.user).exclude(tier=Tier.CUSTOMER).order_by("path")
    form = DocumentFilterForm(request.GET or None, places=places)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = documents_in_sight(request.user)
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("organisation"):
        found = found.filter(organisation__path__startswith=chosen["organisation"].path)
    if spreadsheet := export_asked(request.GET):
        return export_response(documents_table(found, today), spreadsheet)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = set(places_kept_by(request.user).values_list("pk", flat=True))
    rows = [(each, each.state_on(today), each.organisation_id in kept) for each in page]
    context = {"form": form, "page_obj": page, "rows": rows, "keeps": bool(kept), "is_filtered": any(chosen.values())}
    return render(request, "certification/statutory/company_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_document(request: HttpRequest) -> HttpResponse:
    """Record a licence or insurance of a place the reader keeps."""
    places = places_kept_by(request.user)
    if not places.exists():
        raise PermissionDenied
    form = DocumentForm(request.POST or None, request.FILES or None, places=places)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_document(by=request.user, **data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The document is recorded."))
            return redirect("certification:company_documents")
    status = 422 if form.errors else 200
    return render(request, "certification/statutory/company_form.html", {"form": form}, status=status)


@login_required
@require_safe
def document_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the scan to whom the document is in sight; for everybody else there is none."""
    found = documents_in_sight(request.user).filter(pk=pk).first()
    if found is None or found.scan is None:
        raise Http404
    return scan_response(found.scan, found.number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a document, after asking once more."""
    kept = places_kept_by(request.user).order_by().values("pk")
    found = documents_in_sight(request.user).filter(pk=pk, organisation__in=kept).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        withdraw_document(found, by=request.user)
        messages.success(request, _("The document is withdrawn."))
        return redirect("certification:company_documents")
    context = {
        "title": _("Withdraw %(document)s") % {"document": found},
        "text": _("From today on the document does not count any more."),
        "confirm_label": _("Withdraw"),
        "danger": True,
        "cancel_url": reverse("certification:company_documents"),
    }
    return render(request, "components/confirm_page.html", context)
