"""What the desks of imports share: days, words, fields that differ."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from portal.access.dates import parse_day
from portal.errors import ImpossibleDate
from portal.registry.imports import Problem, TableRow, Verdict
from portal.typed import name_key, plain

Record = TypeVar("Record", bound=Model)


def day_in(row: TableRow, key: str, verdict: Verdict) -> dt.date | None:
    """Return the day in a cell, None for an empty one; what is no day is a problem of the row."""
    if not row[key]:
        return None
    try:
        return parse_day(row[key])
    except ImpossibleDate as error:
        verdict.problems.append(Problem(key, str(error)))
        return None


def text_in(row: TableRow, key: str, verdict: Verdict, *, longest: int, is_needed: bool = False) -> str:
    """Return the text of a cell in one width; too long or missing is a problem of the row."""
    text = plain(row[key])
    if len(text) > longest:
        verdict.problems.append(Problem(key, _("At most %(number)d characters.") % {"number": longest}))
    if is_needed and not text:
        verdict.problems.append(Problem(key, _("This is needed.")))
    return text


def shown(value: Any) -> str:
    """Return a value as people read it; nothing for nothing."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def differing(record: Model | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts a record does not hold yet; empty ones say nothing and change nothing."""
    said = {name: value for name, value in facts.items() if value not in (None, "")}
    return {name: value for name, value in said.items() if record is None or getattr(record, name) != value}


def changes(model: type[Model], record: Model | None, facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return facts as the preview shows them: field, before, after."""
    return [
        (
            str(model._meta.get_field(name).verbose_name),
            shown(getattr(record, name, None)) if record else "",
            shown(value),
        )
        for name, value in facts.items()
    ]


def named(records: Iterable[Record], text: str, keys: Sequence[str]) -> list[Record]:
    """Return the records one of whose fields reads like ``text``; those of the first field that finds any."""
    key, known = name_key(text), list(records)
    for field in keys:
        found = [record for record in known if key and name_key(str(getattr(record, field))) == key]
        if found:
            return found
    return []


def one_of(
    records: Iterable[Record], text: str, column: str, verdict: Verdict, keys: Sequence[str] = ("code", "name")
) -> Record | None:
    """Return the one record meant by a cell; none or several is a problem of the row."""
    if not text:
        return None
    found = named(records, text, keys)
    if len(found) == 1:
        return found[0]
    message = (
        _("“%(text)s” may mean several records: write the code (%(codes)s).")
        if found
        else _("Nothing called “%(text)s” is in your sight. Import it first, or write its code.")
    )
    codes = "、".join(str(getattr(record, keys[0])) for record in found[:6])
    verdict.problems.append(Problem(column, message % {"text": text[:60], "codes": codes}))
    return None
