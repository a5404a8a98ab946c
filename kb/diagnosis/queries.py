"""Queries on diagnosis guides and their runs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, ExpressionWrapper, F, Prefetch, QuerySet
from django.db.models.fields import DurationField
from django.utils import timezone

from kb.enums import RunResult
from kb.models import DiagnosisAnswer, DiagnosisGuide, DiagnosisRun, DiagnosisStep
from portal.audiences import readable
from portal.models import EquipmentModel

#: A run nobody continued for so long was given up.
GIVEN_UP = dt.timedelta(hours=12)


def published_guides() -> QuerySet[DiagnosisGuide]:
    """Return the guides anybody at all may find: published ones."""
    return DiagnosisGuide.objects.filter(live=True)


def guides_for(reader: Any) -> QuerySet[DiagnosisGuide]:
    """Return the published guides ``reader`` may open."""
    return readable(published_guides(), reader)


def listed(guides: QuerySet[DiagnosisGuide]) -> QuerySet[DiagnosisGuide]:
    """Fetch what a list shows of a guide: category, machines, number of questions."""
    machines = Prefetch("equipment", EquipmentModel.objects.order_by("category__path", "code"))
    return guides.select_related("category").prefetch_related(machines)


def guide_for_reading(number: str) -> DiagnosisGuide | None:
    """Return a published guide with its steps, or None; whether it may be opened is the caller's to ask."""
    steps = DiagnosisStep.objects.select_related("article", "card")
    return listed(published_guides()).prefetch_related(Prefetch("steps", steps)).filter(number=number).first()


def own_run(token: Any, guide: DiagnosisGuide, reader: Any) -> DiagnosisRun | None:
    """Return the run of this token if it is the reader's; a run of a reader without account is whose token it is."""
    run = DiagnosisRun.objects.filter(token=token, guide=guide).select_related("equipment").first()
    owner = reader.pk if reader.is_authenticated else None
    return run if run is not None and run.person_id == owner else None


@dataclass(frozen=True)
class StepCount:
    """What happened at one step.

    Args:
        yes: runs that answered yes there.
        no: runs that answered no there.
        solved: runs that ended there and solved the fault.
        not_solved: runs that ended there without a solution.
        escalated: runs that ended there with an escalation.
        given_up: runs that went no further and have no result.
    """

    yes: int = 0
    no: int = 0
    solved: int = 0
    not_solved: int = 0
    escalated: int = 0
    given_up: int = 0

    @property
    def without_solution(self) -> int:
        """Return how many runs ended here without a solution."""
        return self.not_solved + self.escalated + self.given_up


@dataclass(frozen=True)
class RunReport:
    """The runs of a guide in a period.

    Args:
        minutes: mean minutes of the solved runs, None without any.
        steps: counts by key of the step.
        reasons: what did not help, newest first, with the step.
    """

    runs: int
    solved: int
    minutes: float | None
    steps: dict[str, StepCount] = field(default_factory=dict)
    reasons: Sequence[DiagnosisRun] = ()

    @property
    def without_solution(self) -> int:
        """Return how many runs ended without a solution."""
        return sum(count.without_solution for count in self.steps.values())


def run_report(guide: DiagnosisGuide, since: dt.datetime, *, reasons: int = 20) -> RunReport:
    """Return how the runs of a guide went since a moment, in a fixed number of queries."""
    runs = DiagnosisRun.objects.filter(guide=guide, started_at__gte=since)
    counts: dict[str, dict[str, int]] = {}
    answers = DiagnosisAnswer.objects.filter(run__in=runs).order_by().values_list("key", "answer")
    for key, answer, total in answers.annotate(Count("pk")):
        counts.setdefault(key, {})["yes" if answer == "y" else "no"] = total
    ends = runs.exclude(result=RunResult.OPEN).order_by().values_list("last_key", "result").annotate(Count("pk"))
    for key, result, total in ends:
        counts.setdefault(key, {})[result] = total
    given_up = runs.filter(result=RunResult.OPEN, started_at__lt=timezone.now() - GIVEN_UP)
    for key, total in given_up.order_by().values_list("last_key").annotate(Count("pk")):
        counts.setdefault(key, {})["given_up"] = total
    taken = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    solved = runs.filter(result=RunResult.SOLVED).aggregate(total=Count("pk"), mean=Avg(taken))
    told = runs.exclude(reason="").select_related("person", "equipment").order_by("-started_at", "-pk")
    return RunReport(
        runs=runs.count(),
        solved=solved["total"],
        minutes=solved["mean"].total_seconds() / 60 if solved["mean"] is not None else None,
        steps={key: StepCount(**count) for key, count in counts.items()},
        reasons=list(told[:reasons]),
    )
