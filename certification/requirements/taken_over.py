"""What was shown before the portal was there, read beside what was shown in it: papers, practicals and hours."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db.models import Q, QuerySet, TextField, Value

from certification.models import Requirement, Scheme, TakenOver
from certification.models.takeover import NUMBERS, SUBJECTS
from certification.requirements.base import Asked
from certification.requirements.rows import PEOPLE, Row, rows_of

# What tells these rows from those of the kind's own table: a text no other source fills.
_MARK = "taken over"

T = TypeVar("T")


class Taken(NamedTuple):
    """One thing taken over.

    Args:
        number: the score of a paper, the minutes of hours.
        voucher: who vouches for it.
    """

    pk: int
    day: dt.date
    recorded_at: dt.datetime
    withdrawn_at: dt.datetime | None
    number: int
    voucher: str

    def is_known(self, known_at: dt.datetime) -> bool:
        """Whether it was on record at that moment, and not withdrawn."""
        return self.recorded_at <= known_at and not (self.withdrawn_at and self.withdrawn_at <= known_at)

    def counts(self, asked: Asked) -> bool:
        """Whether it counts for the question."""
        return self.is_known(asked.known_at) and asked.counts_taken_over(self.day)


class Shown(dict[int, list[T]], Generic[T]):
    """What somebody has shown by what it is about; what was taken over stands beside it."""

    # Most people took over nothing: one empty mapping serves them all.
    taken: Mapping[int, list[Taken]] = MappingProxyType({})

    def __missing__(self, key: int) -> list[T]:
        self[key] = []
        return self[key]

    def add_taken(self, subject: int, taken: Taken) -> None:
        """Keep what was taken over beside what was shown."""
        self.taken = {**self.taken, subject: [*self.taken.get(subject, ()), taken]}

    def has(self, subject: int | None) -> bool:
        """Whether anything about it is on record."""
        return subject in self or subject in self.taken

    def first_taken(self, subject: int, asked: Asked) -> Taken | None:
        """Return the first thing taken over that counts for the question."""
        return next((taken for taken in self.taken.get(subject, ()) if taken.counts(asked)), None)


def taken_over_rows(kind: str, asked_for: Mapping[str, Any], source: str = "") -> QuerySet[Any]:
    """Return what these people took over of a kind of requirement, as rows of the evidence.

    Args:
        source: the name of the rows, if not the kind.
        asked_for: the filter of what schemes name, see ``RowKind.asked_for``.
    """
    found = TakenOver.objects.filter(person__in=PEOPLE, kind=kind, **asked_for)
    return rows_of(
        found,
        source or kind,
        f"{SUBJECTS[kind]}_id",
        days=["on"],
        moments=["recorded_at", "withdrawn_at"],
        numbers=[NUMBERS[kind]] if kind in NUMBERS else [],
        texts=["vouched_by__name", "number", "examiner", Value(_MARK, output_field=TextField())],
    )


def read_taken_over(found: Mapping[int, Shown[Any]], rows: Iterable[Row]) -> list[Row]:
    """Keep the rows taken over with those they are about, in the order of their days; return the other rows."""
    own = []
    for row in sorted(rows, key=lambda row: (row.day_1 or dt.date.min, row.key)):
        if row.text_4 != _MARK:
            own.append(row)
            continue
        taken = Taken(
            pk=row.key,
            day=cast("dt.date", row.day_1),
            recorded_at=cast("dt.datetime", row.moment_1),
            withdrawn_at=row.moment_2,
            number=row.number_1 or 0,
            voucher=row.text_1 or "",
        )
        found[row.person].add_taken(row.subject, taken)
    return own


def nothing_shown(person_ids: Collection[int]) -> dict[int, Shown[Any]]:
    """Return for each person that nothing was shown."""
    return {pk: Shown() for pk in person_ids}


def asked_for_by(schemes: Collection[Scheme], kind: str) -> QuerySet[TakenOver]:
    """Return who took over something that one of the schemes asks for, as keys of people."""
    column = SUBJECTS[kind]
    asked = Requirement.objects.filter(scheme__in=schemes, **{f"{column}__isnull": False}).order_by().values(column)
    found = TakenOver.objects.filter(kind=kind, withdrawn_at__isnull=True, **{f"{column}__in": asked})
    return found.order_by().values("person")


def begun(kind: str, person: Any) -> Q:
    """Return which schemes somebody has begun by what was taken over."""
    column = SUBJECTS[kind]
    own = TakenOver.objects.filter(person=person, kind=kind, withdrawn_at__isnull=True)
    return Q(**{f"requirements__{column}__in": own.order_by().values(column)})
