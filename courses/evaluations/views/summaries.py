"""Summaries with charts, the evaluations of one session, complaints, and reviews of the effect."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from courses.evaluations.domain import is_open, review_effect, settle_complaint
from courses.evaluations.forms import OutcomeForm, ReviewForm
from courses.evaluations.papers import aspects_of, evaluation_facts, record_facts
from courses.evaluations.permissions import complaints_for, evaluated_sessions, may_read_summaries, reviews_for
from courses.evaluations.summaries import Summary, summaries_of, summary_of, years_of
from courses.models import Evaluation, Session
from courses.models.evaluations import ASPECTS
from courses.sessions.events import absolute
from courses.sessions.queries import for_lists
from courses.sessions.views.finding import own_session_or_403, roster_session_or_403
from portal.access.keys import uuid_or_404
from portal.errors import DomainError
from portal.exchange.downloads import file_name
from portal.exchange.exports import Table, export_asked, export_response
from portal.exchange.pdf import pdf_response, render_pdf
from portal.exchange.qr import svg
from portal.ui.charts import Bar, bar_chart
from portal.ui.filters import chips

PAGE = 20
HIGHEST = 5
GROUPS = [
    ("course", gettext_lazy("By course")),
    ("trainer", gettext_lazy("By trainer")),
    ("period", gettext_lazy("By quarter")),
]


@login_required
@require_safe
def summaries(request: HttpRequest) -> HttpResponse:
    """Show what people think by trainer, course or quarter, as a chart and as the table beside it."""
    if not may_read_summaries(request.user):
        raise PermissionDenied
    sessions = evaluated_sessions(request.user)
    group = request.GET.get("by", "course")
    group = group if group in dict(GROUPS) else "course"
    years = years_of(sessions)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), None)
    found = summaries_of(sessions, group, year)
    if found and (spreadsheet := export_asked(request.GET)):
        return export_response(_table(found), spreadsheet)
    bars = [Bar(one.label, one.overall, f"{one.overall}") for one in found if one.overall is not None]
    context = {
        "by": chips(request, "by", GROUPS),
        "years": chips(request, "year", [(str(one), str(one)) for one in years]),
        "summaries": found,
        "aspects": [Evaluation._meta.get_field(aspect).verbose_name for aspect in ASPECTS],
        "chart": bar_chart(_("Mean of all answers, 1 to 5"), bars, highest=HIGHEST),
        "complaints": complaints_for(request.user).filter(settled_at=None).count(),
        "reviews": reviews_for(request.user).filter(reviewed_at=None).count(),
    }
    return render(request, "courses/evaluations/summaries.html", context)


def _table(found: list[Summary]) -> Table:
    titles = [Evaluation._meta.get_field(aspect).verbose_name for aspect in ASPECTS]
    rows = ([one.label, one.answers, *(one.means if one.is_shown else [None] * len(ASPECTS))] for one in found)
    return Table(_("Evaluations"), [_("Evaluated"), _("Answers"), *titles], rows)


@login_required
@require_safe
def of_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the evaluations of one session and the QR that leads to the form."""
    session = get_object_or_404(for_lists(evaluated_sessions(request.user)), pk=pk)
    summary = summary_of(session)
    bars = [Bar(str(name), mean, f"{mean}") for name, mean in aspects_of(summary) if mean is not None]
    address = absolute(reverse("courses:evaluate", args=[session.uid]))
    context = {
        "session": session,
        "summary": summary,
        "chart": bar_chart(session.title, bars, highest=HIGHEST) if summary.is_shown else "",
        "aspects": aspects_of(summary),
        "address": address,
        "qr": svg(address),
        "is_open": is_open(session),
    }
    return render(request, "courses/evaluations/session.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complaints(request: HttpRequest) -> HttpResponse:
    """List the complaints for who manages the branch; a post says what was done about one."""
    found = complaints_for(request.user).select_related("session__trainer", "settled_by")
    if request.method == "POST":
        complaint = get_object_or_404(found, pk=uuid_or_404(request.POST.get("complaint", "")))
        form = OutcomeForm(request.POST)
        if form.is_valid():
            settle_complaint(complaint, by=request.user, outcome=form.cleaned_data["outcome"])
            messages.success(request, _("Kept with the complaint."))
        else:
            messages.error(request, _("Say what was done."))
        return redirect("courses:complaints")
    if not may_read_summaries(request.user):
        raise PermissionDenied
    ordered = found.order_by("settled_at", "-session__starts_at", "pk")
    context = {"page_obj": Paginator(ordered, PAGE).get_page(request.GET.get("page")), "form": OutcomeForm()}
    return render(request, "courses/evaluations/complaints.html", context)


@login_required
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews of the effect that the reader is asked for, the longest due first."""
    if not may_read_summaries(request.user):
        raise PermissionDenied
    show = "done" if request.GET.get("show") == "done" else "open"
    found = reviews_for(request.user).filter(reviewed_at__isnull=show == "open")
    found = found.select_related("attendance__enrolment__session", "attendance__enrolment__person", "reviewed_by")
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "show": chips(request, "show", [("done", _("Reviewed"))]),
        "is_done": show == "done",
    }
    return render(request, "courses/evaluations/reviews.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a manager what a training brought one of their people."""
    found = reviews_for(request.user).select_related("attendance__enrolment__session", "attendance__enrolment__person")
    asked = get_object_or_404(found.select_related("reviewed_by"), pk=pk)
    form = ReviewForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            review_effect(asked, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("The review is kept."))
            return redirect("courses:effects")
    context = {"review": asked, "session": asked.attendance.enrolment.session, "form": form}
    return render(request, "courses/evaluations/review.html", context, status=status)


@login_required
@require_safe
def training_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the training record (培训记录表) to those who may see who comes."""
    session = roster_session_or_403(request, pk)
    return _paper(request, session, "training_record", record_facts(session), _("Training record"))


@login_required
@require_safe
def evaluation_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the evaluation form (效果评估表) to those who run the session."""
    session = own_session_or_403(request, pk)
    return _paper(request, session, "evaluation", evaluation_facts(session), _("Evaluation of the training"))


def _paper(request: HttpRequest, session: Session, name: str, facts: dict[str, Any], title: str) -> HttpResponse:
    content = render_pdf(f"courses/evaluations/print/{name}.html", facts)
    return pdf_response(request, content, file_name(title, session.pk, session.title, extension="pdf"))
