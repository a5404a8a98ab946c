"""Pages: hours in a period, and the kept reports."""

import datetime as dt

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.models import TrainingReport
from courses.records.queries import (
    Row,
    credits_for,
    hours_by,
    may_read_hours,
    may_read_reports,
    sessions_taught,
    visible_reports,
)
from courses.records.reports import content_of, title_of
from portal.access import audit
from portal.exchange.downloads import content_disposition, file_name
from portal.exchange.exports import Table, export_asked, export_response
from portal.templatetags.portal_format import lessons
from portal.ui.charts import Bar, bar_chart
from portal.ui.fields import DayField
from portal.ui.filters import chips

PAGE = 50
#: Bars of the chart; the table holds all.
BARS = 12
GROUPS = [
    ("unit", gettext_lazy("By unit")),
    ("person", gettext_lazy("By person")),
    ("trainer", gettext_lazy("By trainer")),
    ("course", gettext_lazy("By course")),
]


class PeriodForm(forms.Form):
    """From a day to a day, both included."""

    start = DayField(label=gettext_lazy("From"), required=False)
    end = DayField(label=gettext_lazy("To"), required=False)


@login_required
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Show the hours of a period by unit, person, trainer or course, in hours and lessons, and as a file."""
    if not may_read_hours(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    form = PeriodForm(request.GET if {"start", "end"} & request.GET.keys() else None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    start, end = chosen.get("start") or dt.date(today.year, 1, 1), chosen.get("end") or today
    group = request.GET.get("by", "unit")
    group = group if group in dict(GROUPS) else "unit"
    rows = hours_by(group, credits_for(request.user, start, end), sessions_taught(request.user, start, end))
    if rows and (spreadsheet := export_asked(request.GET)):
        return export_response(_table(rows, group), spreadsheet)
    bars = [Bar(row.label, row.minutes / 60, f"{row.minutes / 60:g}") for row in rows[:BARS]]
    context = {
        "form": form if form.is_bound else PeriodForm(initial={"start": start, "end": end}),
        "group": group,
        "by": chips(request, "by", GROUPS),
        "start": start,
        "end": end,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "total": sum(row.minutes for row in rows),
        "chart": bar_chart(_("Hours"), bars),
        "may_read_reports": may_read_reports(request.user),
    }
    return render(request, "courses/records/hours.html", context)


def _table(rows: list[Row], group: str) -> Table:
    count = _("Sessions") if group == "trainer" else _("People")
    columns = [str(dict(GROUPS)[group]), _("Number"), count, _("Hours (60 min)"), _("Lessons (45 min)")]
    cells = ([row.label, row.note, row.count, round(row.minutes / 60, 2), float(lessons(row.minutes))] for row in rows)
    return Table(_("Hours"), columns, cells)


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the kept reports of quarters and years."""
    if not may_read_reports(request.user):
        raise PermissionDenied
    page = Paginator(visible_reports(request.user), PAGE).get_page(request.GET.get("page"))
    for report in page:
        report.title = title_of(report.starts_on, report.ends_on, is_plan=report.plan_id is not None)
    return render(request, "courses/records/reports.html", {"page_obj": page})


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a kept report as it was made; a file that is not what it was is not given out."""
    if not may_read_reports(request.user):
        raise PermissionDenied
    found = get_object_or_404(visible_reports(request.user).select_related("document"), pk=pk)
    return kept_file(request, found)


def kept_file(request: HttpRequest, found: TrainingReport) -> HttpResponse:
    """Give out a kept file and note who opened it.

    Raises:
        Http404: it is not what it was.
    """
    content = content_of(found)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/pdf")
    title = title_of(found.starts_on, found.ends_on, is_plan=found.plan_id is not None)
    response["Content-Disposition"] = content_disposition(file_name(title, extension="pdf"), inline=True)
    response["Cache-Control"] = "private, no-store"
    audit.record("courses.report_opened", found, actor=request.user)
    return response
