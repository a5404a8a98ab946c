"""The picture of a guide beside its steps: what the editor's preview and the report of runs show."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from kb.diagnosis.drawing import draw
from kb.diagnosis.queries import RunReport, StepCount
from kb.models import DiagnosisGuide, DiagnosisStep


@dataclass(frozen=True)
class StepRow:
    """A step of the table beside the picture, with what happened at it."""

    step: DiagnosisStep
    count: StepCount


def tree_facts(request: HttpRequest, guide: DiagnosisGuide) -> dict[str, Any]:
    """Return the context of the editor's preview: what keeps the tree from being published, its picture, its steps."""
    return {"guide": guide, "shortfalls": guide.shortfalls(), "drawing": draw(guide.tree()), "rows": rows_of(guide)}


def rows_of(guide: DiagnosisGuide, report: RunReport | None = None) -> list[StepRow]:
    """Return the steps in their order, with the counts of a report."""
    counts = report.steps if report else {}
    return [StepRow(step, counts.get(step.key, StepCount())) for step in guide.steps.all()]
