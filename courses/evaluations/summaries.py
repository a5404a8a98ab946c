"""Summaries of evaluations by trainer, course and period; what too few answered is not shown."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Evaluation, Session, SessionModule
from courses.models.evaluations import ASPECTS
from portal.models import PortalSettings

GROUPS = ("trainer", "course", "period")


@dataclass
class Summary:
    """The answers of one trainer, course or period."""

    label: str
    shown_from: int
    answers: int = 0
    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    remarks: list[str] = field(default_factory=list)

    def take_in(self, other: "Summary") -> None:
        """Count what is shown of another summary, and only that.

        What is hidden of a session must not come back as the difference between a group and the sessions it is made of.
        """
        if not other.is_shown:
            return
        self.answers += other.answers
        for aspect in ASPECTS:
            if other.mean(aspect) is not None:
                self.sums[aspect] += other.sums[aspect]
                self.counts[aspect] += other.counts[aspect]
        self.remarks += other.remarks

    def add(self, evaluation: Evaluation) -> None:
        """Count one evaluation."""
        self.answers += 1
        for aspect in ASPECTS:
            score = getattr(evaluation, aspect)
            if score is not None:
                self.sums[aspect] += score
                self.counts[aspect] += 1
        if evaluation.remark:
            self.remarks.append(evaluation.remark)

    @property
    def is_shown(self) -> bool:
        """Whether so many answered that nobody can be told from it."""
        return self.answers >= self.shown_from

    @property
    def means(self) -> list[float | None]:
        """The mean of each aspect; None where nobody chose a number, or too few did."""
        return [self.mean(aspect) for aspect in ASPECTS]

    def mean(self, aspect: str) -> float | None:
        """The mean of an aspect."""
        if self.counts[aspect] < self.shown_from:
            return None
        return round(self.sums[aspect] / self.counts[aspect], 1)

    @property
    def overall(self) -> float | None:
        """The mean of all numbers of the aspects that are shown: with a hidden one in it, it would tell that one."""
        shown = [aspect for aspect in ASPECTS if self.mean(aspect) is not None]
        count = sum(self.counts[aspect] for aspect in shown)
        return round(sum(self.sums[aspect] for aspect in shown) / count, 1) if self.is_shown and count else None

    @property
    def shown_remarks(self) -> list[str]:
        """The remarks, sorted so that their order tells nothing."""
        return sorted(self.remarks) if self.is_shown else []


def quarter_of(day: dt.date) -> str:
    """Return the quarter as people write it."""
    return _("%(year)s, quarter %(quarter)s") % {"year": day.year, "quarter": (day.month + 2) // 3}


def summaries_of(sessions: QuerySet[Session], group: str, year: int | None = None) -> list[Summary]:
    """Return the summaries of the sessions a reader may see, by trainer, course or quarter.

    A group is made of the sessions that are shown themselves; one of hidden sessions only has no answers.

    Args:
        year: only sessions of this year.
    """
    if year is not None:
        sessions = sessions.filter(starts_at__year=year)
    evaluations = Evaluation.objects.filter(session__in=sessions.order_by().values("pk"))
    evaluations = evaluations.select_related("session__trainer")
    labels = _labels(evaluations, group)
    shown_from = PortalSettings.load().evaluations_shown_from
    sessions_found: dict[Session, Summary] = {}
    for evaluation in evaluations.iterator(chunk_size=500):
        session = evaluation.session
        sessions_found.setdefault(session, Summary(session.title, shown_from)).add(evaluation)
    found: dict[str, Summary] = {}
    for session, summary in sessions_found.items():
        for label in labels(session):
            found.setdefault(label, Summary(label, shown_from)).take_in(summary)
    return [found[label] for label in sorted(found)]


def _labels(evaluations: QuerySet[Evaluation], group: str) -> Any:
    if group == "course":
        parts = SessionModule.objects.filter(session__in=evaluations.order_by().values("session"))
        titles: dict[int, list[str]] = defaultdict(list)
        for session, title in parts.values_list("session", "module__title"):
            titles[session].append(title)
        return lambda session: titles[session.pk]
    if group == "period":
        return lambda session: [quarter_of(timezone.localdate(session.starts_at))]
    return lambda session: [f"{session.trainer.name} {session.trainer.staff_number}"]


def summary_of(session: Session) -> Summary:
    """Return the summary of one session."""
    summary = Summary(session.title, PortalSettings.load().evaluations_shown_from)
    for evaluation in session.evaluations.all():
        summary.add(evaluation)
    return summary


def years_of(sessions: QuerySet[Session]) -> list[int]:
    """Return the years in which something was evaluated, the latest first."""
    moments: Iterable[dt.datetime] = sessions.filter(evaluations__isnull=False).dates("starts_at", "year", order="DESC")
    return [moment.year for moment in moments]
