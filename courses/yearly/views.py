"""Pages of yearly plans: needs, list, one plan with what happened."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.days.queries import MissingDays, missing_days
from courses.models import OwnNeed, TrainingReport, YearlyPlan
from courses.records.views import kept_file
from courses.yearly import domain
from courses.yearly.forms import NeedForm, OwnNeedForm, PlanForm, RemarkForm, RowForm
from courses.yearly.permissions import (
    branches_to_plan,
    can_plan,
    may_say_own_need,
    may_see_plans,
    visible_needs,
    visible_own_needs,
    visible_plans,
)
from courses.yearly.queries import Happened, happened, needs_of
from courses.yearly.reports import keep_plan
from portal.errors import DomainError
from portal.exchange.exports import Table, export_asked, export_response
from portal.ui.filters import Chip, address_with

PAGE = 30


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans in sight, and begin one.

    Raises:
        PermissionDenied: the reader has nothing to do with plans.
    """
    may_plan = _check(request)
    form = PlanForm(request.POST or None, by=request.user)
    if request.method == "POST" and may_plan and form.is_valid():
        return redirect(domain.start_plan(by=request.user, **form.cleaned_data))
    context = {
        "page_obj": Paginator(visible_plans(request.user), PAGE).get_page(request.GET.get("page")),
        "form": form if may_plan else None,
    }
    return render(request, "courses/yearly/list.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """The survey: what the places of the reader need, and a form to say it.

    Raises:
        PermissionDenied: the reader has nothing to do with plans.
    """
    may_plan = _check(request)
    form = NeedForm(request.POST or None, by=request.user)
    if request.method == "POST" and may_plan and form.is_valid():
        domain.say_need(by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted."))
        return redirect("courses:yearly_needs")
    of_people = request.GET.get("said") == "people"
    found = visible_own_needs(request.user) if of_people else visible_needs(request.user)
    found = found.order_by("-year", "organisation__path", "quarter", "pk")
    context = {
        "of_people": of_people,
        "said": [
            Chip(_("By places"), address_with(request, said=""), not of_people),
            Chip(_("By people"), address_with(request, said="people"), of_people),
        ],
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "form": form if may_plan else None,
    }
    return render(request, "courses/yearly/needs.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_needs(request: HttpRequest) -> HttpResponse:
    """What the reader needs themselves, and a form to say it.

    Raises:
        PermissionDenied: nobody asks the reader.
    """
    if not may_say_own_need(request.user):
        raise PermissionDenied
    form = OwnNeedForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        domain.say_own_need(by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted. Your manager sees it."))
        return redirect("courses:own_needs")
    found = OwnNeed.objects.filter(person=request.user).select_related("module")
    context = {"page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")), "form": form}
    return render(request, "courses/yearly/own_needs.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def own_need_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the reader said they need."""
    domain.take_back_own_need(get_object_or_404(OwnNeed, pk=pk, person=request.user), by=request.user)
    return redirect("courses:own_needs")


def _check(request: HttpRequest) -> bool:
    """Return whether the reader plans; who has nothing to do with it is refused."""
    if not may_see_plans(request.user):
        raise PermissionDenied
    may_plan = branches_to_plan(request.user).exists()
    if request.method == "POST" and not may_plan:
        raise PermissionDenied
    return may_plan


@login_required
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan: what is planned, what was held, who attended; as a page or .xlsx."""
    found = get_object_or_404(visible_plans(request.user), pk=pk)
    if spreadsheet := export_asked(request.GET, "xlsx"):
        return export_response(_table(found, happened(found)), spreadsheet)
    return _page(request, found)


def _page(request: HttpRequest, found: YearlyPlan, form: forms.Form | None = None) -> HttpResponse:
    may_plan = can_plan(request.user, found.organisation)
    rows = Paginator(found.rows.select_related("module"), PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": found,
        "page_obj": rows,
        "rows": happened(found, list(rows)),
        "needs": needs_of(found) if may_plan and found.state == "draft" else [],
        "may_plan": may_plan,
        "may_approve": may_plan and found.state == "submitted" and found.submitted_by_id != request.user.pk,
        "form": form or RowForm(),
        "remark_form": RemarkForm(),
        "days_missing": _missing(request, found) if may_plan else MissingDays(),
        "report": TrainingReport.objects.filter(plan=found).first(),
        "export_url": address_with(request, export="xlsx"),
    }
    return render(request, "courses/yearly/plan.html", context, status=422 if form else 200)


def _missing(request: HttpRequest, found: YearlyPlan) -> MissingDays:
    return missing_days(dt.date(found.year, 1, 1), dt.date(found.year, 12, 31), request.user)


def _table(found: YearlyPlan, rows: list[Happened]) -> Table:
    columns = [_("Quarter"), _("Module"), _("Code"), _("Trainees"), _("People planned"), _("Hours planned")]
    columns += [_("Sessions held"), _("People attended"), _("Hours credited")]
    cells = [
        [
            one.row.quarter,
            one.row.module.title,
            one.row.module.code,
            one.row.for_whom,
            one.row.heads,
            round(one.row.planned_minutes / 60, 2),
            one.sessions,
            one.people,
            round(one.minutes / 60, 2),
        ]
        for one in rows
    ]
    return Table(str(found), columns, cells)


@login_required
@require_POST
def row_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a module into the plan."""
    found = get_object_or_404(visible_plans(request.user), pk=pk)
    form = RowForm(request.POST)
    if form.is_valid():
        try:
            domain.add_row(found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(found)
    return _page(request, found, form)


@login_required
@require_POST
def row_drop(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a row out."""
    found = get_object_or_404(visible_plans(request.user), pk=pk)
    domain.drop_row(get_object_or_404(found.rows, pk=row), by=request.user)
    return redirect(found)


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the needs in, submit, approve or send back."""
    found = get_object_or_404(visible_plans(request.user), pk=pk)
    verbs: dict[str, Callable[..., Any]] = {
        "needs": domain.take_needs,
        "submit": domain.submit_plan,
        "approve": domain.approve_plan,
    }
    wanted = request.POST.get("act", "")
    try:
        if wanted == "back":
            form = RemarkForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("Say why the plan is sent back."))
                return redirect(found)
            domain.send_back(found, by=request.user, remark=form.cleaned_data["remark"])
        elif wanted in verbs:
            verbs[wanted](found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    if wanted == "approve":
        keep_plan(YearlyPlan.objects.select_related("organisation", "approved_by").get(pk=found.pk))
    return redirect(found)


@login_required
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the approved plan as it was kept."""
    found = get_object_or_404(visible_plans(request.user), pk=pk)
    return kept_file(request, get_object_or_404(TrainingReport.objects.select_related("document"), plan=found))
