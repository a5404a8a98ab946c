"""Pages of what is taken over: list, one more of a kind, scan, withdrawal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import TakenOverKind
from certification.models import LedgerEntry, TakenOver
from certification.permissions import can_withdraw_taken_over, may_list_certificates, may_take_over, vouchers_for
from certification.permissions import taken_over_by as people_for
from certification.statutory.views import scan_response
from certification.takeover.domain import keep_scan, take_over, withdraw
from certification.takeover.errors import Contradicts
from certification.takeover.forms import FORMS, FilterForm, KeepScanForm, TakeOverForm, WithdrawForm
from certification.takeover.queries import can_see_scan_of, records_for, taken_over_in_sight
from portal.access import audit
from portal.access.lookup import find_person
from portal.enums import Role
from portal.errors import DomainError
from portal.models import Person
from portal.ui.typed import refuse_typed

PAGE = 20


def may_list(reader: Any) -> bool:
    """Whether the list is open to the reader: who takes over, and who lists certificates."""
    return any(may_take_over(reader, kind) for kind in TakenOverKind) or may_list_certificates(reader)


@login_required
@require_safe
def taken_over(request: HttpRequest) -> HttpResponse:
    """List what was taken over, and lead to the forms and imports."""
    if not may_list(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET or None)
    found = taken_over_in_sight(request.user)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    page = Paginator(found.filter(kind=kind) if kind else found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": records_for(request.user, list(page)),
        "is_filtered": bool(kind),
        "kinds": [kind for kind in TakenOverKind if may_take_over(request.user, kind)],
    }
    return render(request, "certification/takeover/taken_over_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Take over one record of a kind."""
    if kind not in FORMS:
        raise Http404
    if not may_take_over(request.user, kind):
        raise PermissionDenied
    own = request.user.staff_number if request.user.has_role(Role.ADMINISTRATOR) else ""
    given = {"person": request.GET.get("person", ""), "vouched_by": own}
    form = FORMS[kind](*_sent(request), initial=given)
    if request.method == "POST" and form.is_valid():
        record = _taken(request.user, form)
        if record is not None:
            _say(request, record)
            return redirect("certification:taken_over")
    context = {"form": form, "kind": TakenOverKind(kind)}
    return render(request, "certification/takeover/take_over.html", context, status=422 if form.errors else 200)


def _taken(by: Person, form: TakeOverForm) -> TakenOver | None:
    """Take over what the form says; a refusal stands at its field."""
    people = {}
    for name, within in (("person", people_for(by, form.kind)), ("vouched_by", vouchers_for(by, form.kind))):
        try:
            people[name] = find_person(by, form.cleaned_data[name], within)
        except DomainError as error:
            refuse_typed(form, name, error)
            return None
    facts = form.facts(people["person"], people["vouched_by"])
    try:
        return take_over(by, facts, form_key=form.cleaned_data["form_key"], scan=form.cleaned_data["scan"])
    except Contradicts as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    return None


def _say(request: HttpRequest, record: TakenOver) -> None:
    messages.success(request, _("Taken over: %(record)s") % {"record": record})
    granted = LedgerEntry.objects.filter(person=record.person, recorded_at=record.recorded_at).select_related("scheme")
    for entry in granted.exclude(pk=record.entry_id):
        messages.success(request, _("Nothing else was missing: %(scheme)s is granted.") % {"scheme": entry.scheme})


@login_required
@never_cache
@require_safe
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the scan of a record to who may see it; for everybody else there is none."""
    record = TakenOver.objects.select_related("person", "scan").filter(pk=pk).first()
    if record is None or record.scan is None or not can_see_scan_of(request.user, record):
        raise Http404
    response = scan_response(record.scan, record.number)
    audit.record("certification.taken_over_scan_opened", record, actor=request.user, person=record.person_id)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a scan with a record that came without one."""
    record = _theirs(request, pk)
    form = KeepScanForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            keep_scan(request.user, record, form.cleaned_data["scan"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The scan is kept with the record."))
            return redirect("certification:taken_over")
    context = {"form": form, "record": record}
    return render(request, "certification/takeover/attach.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a record, after asking once more."""
    record = _theirs(request, pk)
    form = WithdrawForm(_sent(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(request.user, record, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The record is withdrawn; what was known before stays answered."))
            return redirect("certification:taken_over")
    context = {
        "title": _("Withdraw what was taken over: %(record)s") % {"record": record},
        "text": _("It does not count from now on. It stays on record, with who withdrew it and why."),
        "confirm_label": _("Withdraw"),
        "danger": True,
        "cancel_url": reverse("certification:taken_over"),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """Return what a form is bound to: nothing unless it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _theirs(request: HttpRequest, pk: int) -> TakenOver:
    """Return a record in sight that the reader may withdraw.

    Raises:
        Http404: there is none in sight.
        PermissionDenied: it is not theirs.
    """
    record = get_object_or_404(taken_over_in_sight(request.user), pk=pk)
    if not can_withdraw_taken_over(request.user, record.person, record.recorded_by_id):
        raise PermissionDenied
    return record
