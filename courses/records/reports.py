"""Reports of quarters and years: made by a regular job once the period is over, kept as files that do not change."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.enums import SessionState
from courses.models import HourCredit, NomineeTimes, Session, TrainingReport, YearlyPlan
from courses.records.queries import hours_by
from portal.access import audit
from portal.access.changes import added
from portal.content.personal import keep_personal_file
from portal.exchange.pdf import render_pdf
from portal.models import Organisation

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


def sessions_in(start: dt.date, end: dt.date, network: Organisation) -> QuerySet[Session]:
    """Return the sessions of a network that were closed in a period, both days included."""
    return Session.objects.filter(
        state=SessionState.CLOSED,
        ends_at__date__gte=start,
        ends_at__date__lte=end,
        organisation__path__startswith=network.path,
    ).order_by()


def credits_in(start: dt.date, end: dt.date, network: Organisation) -> QuerySet[HourCredit]:
    """Return what was earned in the sessions of a network in a period."""
    return HourCredit.objects.filter(
        earned_on__gte=start,
        earned_on__lte=end,
        attendance__enrolment__session__organisation__path__startswith=network.path,
    ).order_by()


def named_in(start: dt.date, end: dt.date, network: Organisation) -> QuerySet[NomineeTimes]:
    """Return the times that hold of named people nobody has matched; those who were matched have credits instead."""
    sessions = sessions_in(start, end, network).values("pk")
    holding = NomineeTimes.objects.holding().filter(nominee__match=None)
    return holding.filter(nominee__request__session__in=sessions).order_by()


def facts_of(start: dt.date, end: dt.date, network: Organisation) -> dict[str, Any]:
    """Return what the report of a period and a network shows."""
    credits, sessions = credits_in(start, end, network), sessions_in(start, end, network)
    totals = credits.aggregate(minutes=Sum("minutes"), people=Count("person", distinct=True))
    named = named_in(start, end, network)
    return {
        "title": title_of(start, end),
        "network": network,
        "start": start,
        "end": end,
        "sessions": sessions.count(),
        "people": totals["people"],
        "minutes": totals["minutes"] or 0,
        "named_people": named.values("nominee").distinct().count(),
        "named_minutes": named.aggregate(total=Sum("credits__minutes"))["total"] or 0,
        "groups": [
            (_("By unit"), _("People"), hours_by("unit", credits, sessions)),
            (_("By course"), _("People"), hours_by("course", credits, sessions)),
            (_("By trainer"), _("Sessions"), hours_by("trainer", credits, sessions)),
        ],
    }


def title_of(start: dt.date, end: dt.date, *, is_plan: bool = False) -> str:
    """Return what a report, or the approved plan of a year, is called."""
    if is_plan:
        return _("Training plan %(year)s") % {"year": start.year}
    if (end - start).days > 100:
        return _("Training report %(year)s") % {"year": start.year}
    return _("Training report %(year)s, quarter %(quarter)s") % {"year": start.year, "quarter": (end.month + 2) // 3}


def make_reports(today: dt.date | None = None) -> int:
    """Make the reports that are due and not kept yet; return how many.

    Each network, that is each tree of organisations, has its own. A period without training has none; one report over
    all networks, as they were made once, stands for all of them.
    """
    today = today or timezone.localdate()
    made = 0
    for start, end in periods_over(today - WAIT_DAYS * DAY):
        kept = TrainingReport.objects.filter(starts_on=start, ends_on=end, plan=None)
        known = set(kept.values_list("organisation", flat=True))
        for network in Organisation.objects.filter(depth=1).order_by("path"):
            if not known & {None, network.pk} and _has_training(start, end, network):
                make_report(start, end, network)
                made += 1
    return made


def _has_training(start: dt.date, end: dt.date, network: Organisation) -> bool:
    return credits_in(start, end, network).exists() or named_in(start, end, network).exists()


def make_report(start: dt.date, end: dt.date, network: Organisation) -> TrainingReport:
    """Make the report of a period and keep it; made before, the kept one is returned."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = facts_of(start, end, network)
        content = render_pdf("courses/records/print/report.html", facts).content
    return keep_report(start, end, network, content, title=facts["title"])


@transaction.atomic
def keep_report(
    start: dt.date,
    end: dt.date,
    organisation: Organisation,
    content: bytes,
    *,
    title: str,
    plan: YearlyPlan | None = None,
) -> TrainingReport:
    """Keep a file as the report of a period, or as the approved plan of a year; kept before, it stays as it was."""
    known = TrainingReport.objects.filter(starts_on=start, ends_on=end, organisation=organisation, plan=plan).first()
    if known is not None:
        return known
    document = keep_personal_file(title, content, stem="report", ending="pdf", by=None)
    report = TrainingReport.objects.create(
        starts_on=start,
        ends_on=end,
        organisation=organisation,
        plan=plan,
        document=document,
        digest=hashlib.sha256(content).hexdigest(),
    )
    audit.record("courses.report_made", report, changes=added(report))
    return report


def content_of(report: TrainingReport) -> bytes | None:
    """Return the file of a report if it is what it was when it was made; None for one that was touched."""
    with report.document.file.open("rb") as file:
        content = file.read()
    return content if hashlib.sha256(content).hexdigest() == report.digest else None
