"""Pages of overrides: those on record, one more, its withdrawal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from certification.overrides.domain import approve_override, can_override, withdraw_override
from certification.overrides.forms import OverrideForm, WithdrawForm
from certification.overrides.queries import overrides_in_sight
from certification.permissions import files_kept_by, may_audit, may_keep_files
from portal.access.lookup import find_person
from portal.errors import DomainError
from portal.models import PortalSettings
from portal.ui.typed import refuse_typed

PAGE = 20
# What a link from a refusal fills in.
FILLED = ("person", "model", "category", "tasks", "starts_on", "ends_on")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overrides(request: HttpRequest) -> HttpResponse:
    """List the overrides, newest first; managers and administrators approve one."""
    if not may_audit(request.user):
        raise PermissionDenied
    form = _form(request) if may_keep_files(request.user) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _approved(request, form):
            messages.success(
                request,
                _(
                    "The override is on record. Where it lets the work through, the duty check names you; a missing "
                    "statutory card or a work stop is refused all the same."
                ),
            )
            return redirect("certification:overrides")
    page = Paginator(overrides_in_sight(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "keeps": form is not None}
    return render(
        request, "certification/overrides/overrides.html", context, status=422 if form and form.errors else 200
    )


def _form(request: HttpRequest) -> OverrideForm:
    filled = {name: request.GET[name] for name in FILLED if request.GET.get(name)}
    if "tasks" in filled:
        filled["tasks"] = request.GET.getlist("tasks")
    longest = PortalSettings.load().override_days
    return OverrideForm(request.POST if request.method == "POST" else None, initial=filled, longest=longest)


def _approved(request: HttpRequest, form: OverrideForm) -> bool:
    """Approve what the form says; a refusal stands in the form."""
    facts = dict(form.cleaned_data)
    try:
        person = find_person(request.user, facts.pop("person"), files_kept_by(request.user))
    except DomainError as error:
        refuse_typed(form, "person", error)
        return False
    try:
        approve_override(request.user, person, **facts)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an override with a reason, after asking once more."""
    override = get_object_or_404(overrides_in_sight(request.user), pk=pk)
    if not can_override(request.user, override.person):
        raise PermissionDenied
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_override(request.user, override, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The override is withdrawn; past days stay as they were answered."))
            return redirect("certification:overrides")
    context = {
        "title": _("Withdraw the override for %(person)s") % {"person": override.person.name},
        "text": f"{override.equipment_name} · {override.reason}",
        "confirm_label": _("Withdraw"),
        "danger": True,
        "cancel_url": reverse("certification:overrides"),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)
