"""Overrides of the gate, read together with the evidence of the people they are for."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from certification.models import DutyOverride
from certification.requirements.rows import PEOPLE, Row, json_text, rows_of
from portal.models import EquipmentModel

OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Override:
    """An override as the gate needs it.

    Args:
        category: path of the category; None where it names a model.
        model: key of the model; None where it names a category.
        withdrawn_on: the first day it does not count any more; None as long as nobody withdrew it.
    """

    key: int
    category: str | None
    model: int | None
    tasks: frozenset[str]
    starts_on: dt.date
    ends_on: dt.date
    recorded_at: dt.datetime
    approver: str
    reason: str
    withdrawn_on: dt.date | None = None
    withdrawal_recorded_at: dt.datetime | None = None

    def bears_on(self, equipment: EquipmentModel, task: str, on: dt.date, known_at: dt.datetime) -> bool:
        """Whether it is for the task on the machine that day, by what was on record at ``known_at``."""
        if task not in self.tasks or not self.counts_on(on, known_at):
            return False
        if self.category is None:
            return self.model == equipment.pk
        return equipment.category.is_within(self.category)

    def counts_on(self, on: dt.date, known_at: dt.datetime) -> bool:
        """Whether it stands that day, by what was on record at ``known_at``."""
        if self.recorded_at > known_at or not self.starts_on <= on <= self.ends_on:
            return False
        withdrawn, seen = self.withdrawn_on, self.withdrawal_recorded_at
        return not (withdrawn and seen and seen <= known_at and on >= withdrawn)


def override_rows() -> QuerySet[Any]:
    """Return the query of the overrides for ``PEOPLE``; withdrawn ones answer for past days."""
    return rows_of(
        DutyOverride.objects.filter(person__in=PEOPLE),
        OVERRIDE,
        # Of a category the model is 0: every row has a subject.
        Coalesce("model_id", Value(0)),
        days=["starts_on", "ends_on", "withdrawal__withdrawn_on"],
        moments=["recorded_at", "withdrawal__recorded_at"],
        texts=["category__path", json_text("tasks"), "approved_by__name", "reason"],
    )


def override_of(row: Row) -> Override:
    """Read a row of ``override_rows``."""
    return Override(
        key=row.key,
        category=row.text_1,
        model=row.subject or None,
        tasks=frozenset(json.loads(row.text_2 or "[]")),
        starts_on=cast("dt.date", row.day_1),
        ends_on=cast("dt.date", row.day_2),
        recorded_at=cast("dt.datetime", row.moment_1),
        approver=row.text_3 or "",
        reason=row.text_4 or "",
        withdrawn_on=row.day_3,
        withdrawal_recorded_at=row.moment_2,
    )
