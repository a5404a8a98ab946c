"""Evidence of several models in one statement: rows of shared columns, joined by UNION ALL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.base import ModelState
from django.db.models.expressions import BaseExpression, Combinable, Expression
from django.db.models.functions import Cast

from certification.requirements.prepared import Keys, Statements

Item = TypeVar("Item", bound=models.Model)
# The people and the schemes a statement is about, named in the conditions of its queries.
PEOPLE = Keys("people", BigIntegerField())
SCHEMES = Keys("schemes", BigIntegerField())
statements = Statements()


class Row(NamedTuple):
    """One piece of evidence; what the days, moments, numbers and texts are, its source says."""

    source: str
    person: int
    subject: int
    key: int
    day_1: dt.date | None
    day_2: dt.date | None
    day_3: dt.date | None
    day_4: dt.date | None
    moment_1: dt.datetime | None
    moment_2: dt.datetime | None
    number_1: int | None
    number_2: int | None
    number_3: int | None
    number_4: int | None
    number_5: int | None
    text_1: str | None
    text_2: str | None
    text_3: str | None
    text_4: str | None


# How many columns of each type a row has.
SLOTS: Mapping[str, tuple[int, models.Field]] = {
    "day": (4, DateField()),
    "moment": (2, DateTimeField()),
    "number": (5, IntegerField()),
    "text": (4, TextField()),
}


class Nothing(Expression):
    """NULL of a type: PostgreSQL wants to know the type of every column of a union."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the bare word."""
        return "NULL", []

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return it with its type."""
        return f"NULL::{self.output_field.cast_db_type(connection)}", []


def flag(name: str) -> Cast:
    """Return a boolean column as a number."""
    return Cast(name, IntegerField())


def json_text(name: str) -> Cast:
    """Return a JSON column as text."""
    return Cast(name, TextField())


def rows_of(
    queryset: QuerySet[Any],
    source: str,
    subject: str | Combinable,
    *,
    person: str = "person_id",
    key: str | Combinable = "pk",
    days: Iterable[str] = (),
    moments: Iterable[str | Combinable] = (),
    numbers: Iterable[str | Combinable] = (),
    texts: Iterable[str | Combinable] = (),
) -> QuerySet[Any]:
    """Return ``queryset`` as rows of :class:`Row`; the names are columns or expressions, in the order of the slots.

    Args:
        source: what tells these rows from those of others.
        subject: key of what the evidence is about: the module, the quiz, the kind of card.
        person: column with the key of whose evidence it is.
    """
    found: dict[str, Any] = {
        "source": Value(source, output_field=CharField()),
        "person": F(person),
        "subject": _expression(subject),
        "key": _expression(key),
    }
    given = {"day": list(days), "moment": list(moments), "number": list(numbers), "text": list(texts)}
    for slot, (number, field) in SLOTS.items():
        for place in range(number):
            named = given[slot]
            found[f"{slot}_{place + 1}"] = _expression(named[place]) if place < len(named) else Nothing(field)
    columns = {f"row_{name}": expression for name, expression in found.items()}
    return queryset.order_by().annotate(**columns).values_list(*columns)


def _expression(named: str | Combinable) -> Combinable | BaseExpression:
    return F(named) if isinstance(named, str) else named


def fetch(
    depends_on: Hashable,
    build: Callable[[], list[QuerySet[Any]]],
    person_ids: Collection[int],
    scheme_ids: Collection[int] | None,
) -> dict[str, list[Row]]:
    """Return the rows of all queries of ``build`` by source: one statement; see ``Statements.run``."""

    def together() -> QuerySet[Any]:
        first, *others = build()
        return first.union(*others, all=True) if others else first

    found: dict[str, list[Row]] = defaultdict(list)
    for values in statements.run(depends_on, together, people=person_ids, schemes=scheme_ids or ()):
        row = Row._make(values)
        found[row.source].append(row)
    return found


def instance(model: type[Item], **values: Any) -> Item:
    """Return a stored record of which these columns were read; the others are read when they are asked for.

    As ``from_db`` does it, without ``__init__`` and its signals: of thousands of attempts that is most of the cost.
    """
    record = model.__new__(model)
    record._state = ModelState()
    record._state.adding, record._state.db = False, "default"
    record.__dict__.update(values)
    return record
