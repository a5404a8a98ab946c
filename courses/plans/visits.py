"""Days on which a service period of a schedule calls for somebody on site (RRULE of RFC 5545, dateutil)."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice

from dateutil.rrule import rrulestr

from courses.enums import PlanAnchor
from courses.models import PlanPeriod, Project
from courses.plans.errors import ImpossibleRule

#: Days named of one period; every day of two years is more than any schedule has.
MOST = 750
# dateutil takes parts out of range and fails only when the days are counted, on the page that shows them.
_PARTS = {
    "INTERVAL": r"[1-9][0-9]{0,2}",
    "COUNT": r"[1-9][0-9]{0,2}",
    "UNTIL": r"[0-9]{8}(?:T[0-9]{6})?",
    "BYMONTH": r"(?:[1-9]|1[0-2])",
    "BYMONTHDAY": r"[+-]?(?:[1-9]|[12][0-9]|3[01])",
    "BYDAY": r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)",
    "BYSETPOS": r"[+-]?[1-9][0-9]?",
    "WKST": r"(?:MO|TU|WE|TH|FR|SA|SU)",
}
_PART = "|".join(f"{name}={value}(?:,{value})*" for name, value in _PARTS.items())
_RULE = re.compile(rf"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;(?:{_PART}))*")


def checked_rule(rule: str) -> str:
    """Return a recurrence rule.

    Raises:
        ImpossibleRule: it is none, finer than days, or a part of it is out of range.
    """
    if rule:
        try:
            if not _RULE.fullmatch(rule):
                raise ImpossibleRule(rule=rule)
            rrulestr(rule, dtstart=dt.datetime(2026, 1, 1))
        except (ValueError, TypeError) as error:
            raise ImpossibleRule(rule=rule) from error
    return rule


def anchor_day(project: Project, anchor: str) -> dt.date | None:
    """Return the day a period is counted from; None while it is not known."""
    return (
        {
            PlanAnchor.INSTALLATION: project.starts_on,
            PlanAnchor.ACCEPTANCE: project.accepted_on,
            PlanAnchor.WARRANTY_END: project.warranty_until,
        }.get(PlanAnchor(anchor))
        if anchor
        else None
    )


def span_of(period: PlanPeriod) -> tuple[dt.date, dt.date] | None:
    """Return first and last day of a period; None while its anchor is not known.

    Without a number of days a period lasts to the next anchor: the installation to the acceptance, what follows the
    acceptance to the end of the warranty, what follows that a year.
    """
    project = period.project
    begin = anchor_day(project, period.anchor)
    if begin is None:
        return None
    first = begin + dt.timedelta(days=period.after_days)
    if period.days:
        return first, first + dt.timedelta(days=period.days - 1)
    until = {PlanAnchor.INSTALLATION: project.accepted_on, PlanAnchor.ACCEPTANCE: project.warranty_until}
    return first, max(first, until.get(PlanAnchor(period.anchor)) or first + dt.timedelta(days=365))


def visits_of(period: PlanPeriod) -> list[dt.date]:
    """Return the days of a period: each day of one without a rule that lasts days, else those of its rule."""
    span = span_of(period)
    if span is None:
        return []
    return list(islice(_days(period, *span), MOST))


def _days(period: PlanPeriod, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    if not period.rule:
        if period.days:
            yield from (first + dt.timedelta(days=each) for each in range((last - first).days + 1))
        return
    start = dt.datetime.combine(first, dt.time())
    rule = rrulestr(period.rule, dtstart=start)
    if "UNTIL=" not in period.rule and "COUNT=" not in period.rule:
        # A rule that never falls, as on 30 February, would be sought to the end of the calendar.
        rule = rule.replace(until=dt.datetime.combine(last, dt.time.max))
    for moment in rule:
        if moment.date() > last:
            return
        # The first day itself is the acceptance; visits come after it.
        if moment.date() > first:
            yield moment.date()
