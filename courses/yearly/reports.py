"""The approved plan of a year as a kept file."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation

from courses.enums import YearlyState
from courses.models import TrainingReport, YearlyPlan
from courses.records.reports import keep_report, title_of
from portal.exchange.pdf import render_pdf


def plan_facts(plan: YearlyPlan) -> dict[str, Any]:
    """Return what the paper of a plan shows."""
    rows = list(plan.rows.select_related("module"))
    return {
        "title": title_of(dt.date(plan.year, 1, 1), dt.date(plan.year, 12, 31), is_plan=True),
        "plan": plan,
        "rows": rows,
        "heads": sum(row.heads for row in rows),
        "minutes": sum(row.planned_minutes for row in rows),
    }


def keep_approved_plans() -> int:
    """Make the papers of approved plans that have none; return how many. After an approval, and a regular job."""
    made = 0
    open_ones = YearlyPlan.objects.filter(state=YearlyState.APPROVED, report__isnull=True)
    for plan in open_ones.select_related("organisation", "approved_by").order_by("pk"):
        made += keep_plan(plan).plan_id == plan.pk
    return made


def keep_plan(plan: YearlyPlan) -> TrainingReport:
    """Keep the paper of an approved plan; kept before, it is the same."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = plan_facts(plan)
        content = render_pdf("courses/yearly/print/plan.html", facts).content
    days = dt.date(plan.year, 1, 1), dt.date(plan.year, 12, 31)
    return keep_report(*days, plan.organisation, content, title=facts["title"], plan=plan)
