"""Pages of assigned training: list, form, who owes what, who is late, enrolling a branch."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.assignments.domain import assign_training, withdraw_training
from courses.assignments.enrolling import enrol_branch
from courses.assignments.exporter import owed_table
from courses.assignments.forms import AssignForm, EnrolForm
from courses.assignments.permissions import can_withdraw, may_assign, may_see_dues, visible_dues
from courses.assignments.queries import modules_of, open_dues, owed_in_sight, owed_of_due
from courses.sessions.permissions import visible_sessions
from courses.sessions.queries import ahead, for_lists
from courses.sessions.views.finding import session_or_404
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.ui.filters import Chip, address_with

PAGE = 20


@login_required
@require_safe
def due_list(request: HttpRequest) -> HttpResponse:
    """What is assigned in the reader's sight, and from above to their branch.

    Raises:
        PermissionDenied: the reader follows nobody's training.
    """
    if not may_see_dues(request.user):
        raise PermissionDenied
    is_past = request.GET.get("show") == "withdrawn"
    found = visible_dues(request.user).filter(withdrawn_at__isnull=not is_past).select_related("assigned_by")
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "tabs": [
            Chip(_("In force"), address_with(request, show=""), not is_past),
            Chip(_("No longer assigned"), address_with(request, show="withdrawn"), is_past),
        ],
        "may_assign": may_assign(request.user),
    }
    return render(request, "courses/assignments/list.html", context)


@login_required
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Who is late with assigned training, the longest first; as a page or .xlsx.

    Raises:
        PermissionDenied: the reader follows nobody's training.
    """
    if not may_see_dues(request.user):
        raise PermissionDenied
    dues = list(open_dues().filter(pk__in=visible_dues(request.user).order_by().values("pk")))
    rows = [row for row in owed_in_sight(dues, request.user) if row.is_overdue]
    if spreadsheet := export_asked(request.GET, "xlsx"):
        return export_response(owed_table(_("Overdue training"), rows), spreadsheet)
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "export_url": address_with(request, export="xlsx"),
    }
    return render(request, "courses/assignments/overdue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def due_new(request: HttpRequest) -> HttpResponse:
    """Assign training to a branch.

    Raises:
        PermissionDenied: the reader manages no branch.
    """
    if not may_assign(request.user):
        raise PermissionDenied
    form = AssignForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(assign_training(by=request.user, **form.cleaned_data))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "courses/assignments/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def due(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one assigned training: whom it concerns, who has done it, and which sessions teach it."""
    found = get_object_or_404(visible_dues(request.user).prefetch_related("course__parts__module"), pk=pk)
    rows = owed_of_due(found, request.user)
    if spreadsheet := export_asked(request.GET, "xlsx"):
        return export_response(owed_table(found.title, rows), spreadsheet)
    modules = modules_of(found)
    sessions = ahead(for_lists(visible_sessions(request.user))).filter(parts__module__in=modules).distinct()
    context = {
        "due": found,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "done": sum(row.is_done for row in rows),
        "late": sum(row.is_overdue for row in rows),
        "all": len(rows),
        "modules": modules,
        "sessions": sessions[:PAGE],
        "may_withdraw": found.withdrawn_at is None and can_withdraw(request.user, found),
        "export_url": address_with(request, export="xlsx"),
    }
    return render(request, "courses/assignments/due.html", context)


@login_required
@require_POST
def due_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take assigned training back."""
    found = get_object_or_404(visible_dues(request.user), pk=pk)
    withdraw_training(found, by=request.user)
    messages.success(request, _("The training is no longer assigned. What was credited stays."))
    return redirect(found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol the people of a branch the reader manages, all at once.

    Raises:
        PermissionDenied: the reader manages no branch.
    """
    session = session_or_404(request, pk)
    if not may_assign(request.user):
        raise PermissionDenied
    form = EnrolForm(request.POST or None, by=request.user, session=session)
    if request.method == "POST" and form.is_valid():
        result = enrol_branch(session, form.cleaned_data["organisation"], by=request.user)
        if not result.refused:
            booked = len(result.seated)
            text = ngettext("%(booked)s seat was booked", "%(booked)s seats were booked", booked) % {"booked": booked}
            waiting = len(result.waiting)
            text += ngettext("; %(waiting)s person waits.", "; %(waiting)s people wait.", waiting) % {
                "waiting": waiting
            }
            messages.success(request, text)
            return redirect(session)
        return render(request, "courses/assignments/enrolled.html", {"session": session, "result": result})
    context = {"session": session, "form": form}
    return render(request, "courses/assignments/enrol.html", context, status=422 if form.errors else 200)
