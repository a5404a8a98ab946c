"""Pages of projects: list, plan and schedule, grid, generated sessions, annexes."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.days.queries import missing_days
from courses.models import PlanRow, Project
from courses.plans import annex
from courses.plans.domain import add_project, drop_row, put_row, set_periods
from courses.plans.forms import PeriodFormSet, ProjectForm, RowForm, WindowForm
from courses.plans.generating import generate_sessions
from courses.plans.permissions import can_edit_project, may_see_projects, visible_projects
from courses.plans.queries import hours_text, rows_of, schedule_of, total_minutes, with_sizes
from courses.sessions.permissions import can_schedule
from portal.errors import DomainError
from portal.exchange.downloads import content_disposition, file_name
from portal.exchange.exports import XLSX_TYPE
from portal.exchange.pdf import pdf_response, render_pdf

PAGE = 20
ROWS = 50


def _project_or_404(request: HttpRequest, code: str, *, to_edit: bool = False) -> Project:
    project = get_object_or_404(visible_projects(request.user), code=code)
    if to_edit and not can_edit_project(request.user, project):
        raise PermissionDenied
    return project


@login_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects in sight."""
    if not may_see_projects(request.user):
        raise PermissionDenied
    page = Paginator(with_sizes(visible_projects(request.user)).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "may_add": can_schedule(request.user)}
    return render(request, "courses/plans/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    """Open a project."""
    if not can_schedule(request.user):
        raise PermissionDenied
    form = ProjectForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(add_project(by=request.user, **form.cleaned_data))
    return render(request, "courses/plans/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """Show plan and schedule."""
    found = _project_or_404(request, code)
    context = {
        "project": found,
        "page_obj": Paginator(rows_of(found), ROWS).get_page(request.GET.get("page")),
        "total": hours_text(total_minutes(found)),
        "header": annex.HEADER,
        "schedule": schedule_of(found),
        "may_edit": can_edit_project(request.user, found),
    }
    return render(request, "courses/plans/project.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the rows of a page of the table, one form a row, and add one; each row is saved or keeps what was typed."""
    found = _project_or_404(request, code, to_edit=True)
    page = Paginator(rows_of(found), PAGE).get_page(request.GET.get("page"))
    forms = [_row_form(request, row) for row in page] + [_row_form(request, PlanRow(project=found))]
    touched = [
        form for form in forms if form.is_bound and (form.has_changed() or f"{form.prefix}-drop" in request.POST)
    ]
    # Every row touched is saved that can be, also behind one that is refused.
    saved = [_saved(request, found, form) for form in touched]
    if request.method == "POST" and all(saved):
        messages.success(request, _("Saved."))
        return redirect(f"{request.path}?page={page.number}")
    context = {"project": found, "forms": forms, "page_obj": page}
    return render(request, "courses/plans/grid.html", context, status=422 if any(f.errors for f in touched) else 200)


def _row_form(request: HttpRequest, row: PlanRow) -> RowForm:
    data = request.POST if request.method == "POST" else None
    form = RowForm(data, instance=row, person=request.user, prefix=f"row{row.pk or 'new'}")
    form.empty_permitted, form.use_required_attribute = row.pk is None, row.pk is not None
    return form


def _saved(request: HttpRequest, found: Project, form: RowForm) -> bool:
    """Save a row or take it out; a refusal stands in its form."""
    row = form.instance if form.instance.pk else None
    try:
        if row is not None and f"{form.prefix}-drop" in request.POST:
            drop_row(row, by=request.user)
            return True
        if not form.is_valid():
            return False
        put_row(found, by=request.user, row=row, **form.facts())
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the service periods."""
    found = _project_or_404(request, code, to_edit=True)
    forms = PeriodFormSet(request.POST or None, queryset=found.periods.all())
    if request.method == "POST" and forms.is_valid():
        kept = [form for form in forms if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")]
        names = PeriodFormSet.form._meta.fields
        try:
            set_periods(found, [{name: form.cleaned_data[name] for name in names} for form in kept], by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    status = 422 if request.method == "POST" else 200
    return render(request, "courses/plans/schedule.html", {"project": found, "forms": forms}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def generate(request: HttpRequest, code: str) -> HttpResponse:
    """Put the sessions of a plan into the calendar, and say which rows have none and why."""
    found = _project_or_404(request, code, to_edit=True)
    form = WindowForm(request.POST or None)
    result = None
    if request.method == "POST" and form.is_valid():
        try:
            result = generate_sessions(found, form.window(), by=request.user, place=form.cleaned_data["place"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    window = form.cleaned_data if form.is_bound and not form.errors else {}
    today = timezone.localdate()
    missing = missing_days(window.get("first", today), window.get("last", today + dt.timedelta(days=92)), request.user)
    context = {"project": found, "form": form, "result": result, "days_missing": missing}
    return render(request, "courses/plans/generate.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give the annex as Excel, Word or PDF."""
    found = _project_or_404(request, code)
    name = file_name(annex.title_of(found), extension=form)
    if form == "pdf":
        return pdf_response(request, render_pdf("courses/plans/print/annex.html", annex.annex_facts(found)), name)
    writers = {"xlsx": (annex.write_workbook, XLSX_TYPE), "docx": (annex.write_document, annex.WORD_TYPE)}
    if form not in writers:
        raise Http404
    write, kind = writers[form]
    response = HttpResponse(write(found), content_type=kind)
    response["Content-Disposition"] = content_disposition(name)
    return response
