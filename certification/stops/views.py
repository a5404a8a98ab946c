"""Pages of stops of work: those on record, one more, its lifting."""

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

from certification.models import WorkStop
from certification.permissions import may_keep_files, may_survey
from certification.stops.domain import lift_stop, may_stop, may_stop_in, stop_work
from certification.stops.forms import LiftForm, StopForm
from portal.errors import DomainError

PAGE = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stops(request: HttpRequest) -> HttpResponse:
    """List the stops, newest first; managers and administrators order one."""
    if not may_survey(request.user):
        raise PermissionDenied
    form = StopForm(request.POST or None, asker=request.user) if may_keep_files(request.user) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                stop_work(request.user, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Work is stopped; the duty check refuses it from now on."))
                return redirect("certification:stops")
    rows = WorkStop.objects.select_related("category", "model", "region", "ordered_by", "lift", "lift__lifted_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    allowed = may_stop_in(request.user, {stop.region for stop in page})
    liftable = {stop.pk for stop in page if not hasattr(stop, "lift") and allowed[stop.region]}
    context = {"form": form, "page_obj": page, "liftable": liftable}
    return render(request, "certification/stops/stops.html", context, status=422 if form and form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a stop with a reason."""
    stop = get_object_or_404(WorkStop.objects.select_related("category", "model", "region"), pk=pk)
    if not may_stop(request.user, stop.region):
        raise PermissionDenied
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_stop(request.user, stop, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The stop is lifted; past days stay refused."))
            return redirect("certification:stops")
    context = {
        "title": _("Lift the stop"),
        "text": f"{stop.equipment_name} · {stop.reason}",
        "confirm_label": _("Lift the stop"),
        "cancel_url": reverse("certification:stops"),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)
