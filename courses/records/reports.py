"""Reports of quarters and years: made by a regular job once the period is over, kept as files that do not change."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.enums import SessionState
from courses.models import HourCredit, NomineeCredit, Session, TrainingReport
from courses.records.queries import hours_by
from portal.access import audit
from portal.access.changes import added
from portal.content.personal import keep_personal_file
from portal.exchange.pdf import render_pdf

DAY = dt.timedelta(days=1)
#: Days after the end of a period in which attendance is still corrected by hand; the report waits for them.
WAIT_DAYS = 5


def periods_over(today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the last quarter and the last year that are over, with their first and last days."""
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    end = first - DAY
    quarter = (end.replace(month=end.month - 2, day=1), end)
    year = (dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31))
    return [quarter, year]


def facts_of(start: dt.date, end: dt.date) -> dict[str, Any]:
    """Return what the report of a period shows."""
    credits = HourCredit.objects.filter(earned_on__gte=start, earned_on__lte=end).order_by()
    sessions = Session.objects.filter(
        state=SessionState.CLOSED, ends_at__date__gte=start, ends_at__date__lte=end
    ).order_by()
    totals = credits.aggregate(minutes=Sum("minutes"), people=Count("person", distinct=True))
    named = NomineeCredit.objects.filter(
        times__nominee__request__session__in=sessions.values("pk"), times__nominee__match=None, times__is_void=False
    )
    return {
        "title": title_of(start, end),
        "start": start,
        "end": end,
        "sessions": sessions.count(),
        "people": totals["people"],
        "minutes": totals["minutes"] or 0,
        "named_minutes": named.aggregate(total=Sum("minutes"))["total"] or 0,
        "groups": [
            (_("By unit"), _("People"), hours_by("unit", credits, sessions)),
            (_("By course"), _("People"), hours_by("course", credits, sessions)),
            (_("By trainer"), _("Sessions"), hours_by("trainer", credits, sessions)),
        ],
    }


def title_of(start: dt.date, end: dt.date) -> str:
    """Return what a report is called."""
    if (end - start).days > 100:
        return _("Training report %(year)s") % {"year": start.year}
    return _("Training report %(year)s, quarter %(quarter)s") % {"year": start.year, "quarter": (end.month + 2) // 3}


def make_reports(today: dt.date | None = None) -> int:
    """Make the reports that are due and not kept yet; return how many. A period without training has none."""
    today = today or timezone.localdate()
    made = 0
    for start, end in periods_over(today - WAIT_DAYS * DAY):
        if TrainingReport.objects.filter(starts_on=start, ends_on=end).exists():
            continue
        if HourCredit.objects.filter(earned_on__gte=start, earned_on__lte=end).exists():
            make_report(start, end)
            made += 1
    return made


def make_report(start: dt.date, end: dt.date) -> TrainingReport:
    """Make the report of a period and keep it; made before, the kept one is returned."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = facts_of(start, end)
        content = render_pdf("courses/records/print/report.html", facts).content
    with transaction.atomic():
        known = TrainingReport.objects.filter(starts_on=start, ends_on=end).first()
        if known is not None:
            return known
        document = keep_personal_file(facts["title"], content, stem="report", ending="pdf", by=None)
        digest = hashlib.sha256(content).hexdigest()
        report = TrainingReport.objects.create(starts_on=start, ends_on=end, document=document, digest=digest)
        audit.record("courses.report_made", report, changes=added(report))
        return report


def content_of(report: TrainingReport) -> bytes | None:
    """Return the file of a report if it is what it was when it was made; None for one that was touched."""
    with report.document.file.open("rb") as file:
        content = file.read()
    return content if hashlib.sha256(content).hexdigest() == report.digest else None
