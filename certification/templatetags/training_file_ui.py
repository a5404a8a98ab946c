"""Template tags of the training file: what is on record about a person, as tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from certification.enums import PracticalResult
from certification.models import PracticalAssessment
from courses.models import HourCredit
from portal.models import Assignment
from portal.templatetags.portal_format import hours, org_day

register = template.Library()


@dataclass(frozen=True)
class Table:
    """Columns and rows for components/table.html; empty when there are no rows."""

    columns: list[str]
    rows: list[list[Any]]

    def __bool__(self) -> bool:
        return bool(self.rows)


@register.simple_tag
def assignment_rows(assignments: Iterable[Assignment]) -> Table:
    """Return posts as a table."""
    rows = [
        [item.position.title, item.organisation.name, org_day(item.start), org_day(item.end) or _("to this day")]
        for item in assignments
    ]
    return Table([_("Position"), _("Place of work"), _("From"), _("To")], rows)


@register.simple_tag
def credit_rows(credits: Iterable[HourCredit]) -> Table:
    """Return credited time as a table."""
    rows = [[_credit_title(item), hours(item.minutes), org_day(item.earned_on)] for item in credits]
    return Table([_("Training module"), _("Hours"), _("Day")], rows)


def _linked(title: str, name: str, pk: int, opens: bool) -> str:
    return format_html('<a href="{}">{}</a>', reverse(f"certification:{name}", args=[pk]), title) if opens else title


def _credit_title(credit: HourCredit) -> str:
    title = credit.module.title
    return _("%(module)s (attendance corrected)") % {"module": title} if credit.number else title


@register.simple_tag
def attempt_rows(attempts: Iterable[Any], opens: bool = False) -> Table:
    """Return attempts (see ``certification.results``) as a table; closed ones linked to their paper if it opens."""
    rows = []
    for item in attempts:
        day = org_day(timezone.localdate(item.closed_at or item.started_at))
        if item.held_score is None:
            rows.append([item.quiz.title, day, "—", item.get_state_display()])
        else:
            passed = _("Passed") if item.held_passed else _("Not passed")
            title = _linked(item.quiz.title, "evidence_paper", item.pk, opens)
            rows.append([title, day, str(item.held_score), passed])
    return Table([_("Quiz"), _("Day"), _("Score"), _("Result")], rows)


@register.simple_tag
def practical_rows(practicals: Iterable[PracticalAssessment], opens: bool = False) -> Table:
    """Return practicals as a table, linked to the signed checklists where the reader may open them."""
    rows = [
        [
            _linked(item.checklist.title, "evidence_practical", item.pk, opens),
            org_day(item.assessed_on),
            item.assessor.name,
            str(PracticalResult(item.result).label),
        ]
        for item in practicals
    ]
    return Table([_("Checklist"), _("Day"), _("Assessor"), _("Result")], rows)
