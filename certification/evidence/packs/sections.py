"""The lists of a pack as its paper writes them: titles, and each row as a line of words."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.requirements.base import day_text

Row = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """One list of the paper, in words.

    Args:
        lines: what each of its rows says.
    """

    title: str
    lines: list[str]


TITLES: dict[str, Any] = {
    "overrides": gettext_lazy("Overrides of the duty check"),
    "guidances": gettext_lazy("Work under guidance"),
    "exemptions": gettext_lazy("Exemptions from quizzes"),
    "taken_over": gettext_lazy("Records taken over"),
    "limits": gettext_lazy("Limits of qualifications"),
    "readings": gettext_lazy("What revised manuals ask for"),
    "manuals_read": gettext_lazy("Manuals read"),
    "countersignatures": gettext_lazy("Counter-signatures"),
    "stops": gettext_lazy("Work stops that day"),
}


def _days(first: dt.date, last: dt.date | None) -> str:
    return f"{day_text(first)} – {day_text(last)}" if last else day_text(first)


def _guides_by(row: Row) -> str:
    """Write the schemes the guide's ledger is about, each once."""
    codes = dict.fromkeys(entry["scheme"] for entry in row["guide_ledger"])
    return f"({', '.join(codes)})" if codes else ""


_LINES: dict[str, Callable[[Row], Iterable[object]]] = {
    "overrides": lambda row: (
        row["equipment"],
        _days(row["starts_on"], row["ends_on"]),
        row["reason"],
        row["approved_by"],
        row["withdrawn_on"] and f"{_('withdrawn on')} {day_text(row['withdrawn_on'])}",
    ),
    "guidances": lambda row: (
        f"{row['guide_name']} {row['guide']} {_guides_by(row)}".strip(),
        row["scheme"],
        _days(row["starts_on"], row["ended_on"] or row["ends_on"]),
        row["limits"],
    ),
    "exemptions": lambda row: (row["quiz_name"], row["reason"], row["decided_by"]),
    "taken_over": lambda row: (
        row["kind_label"],
        row["about"],
        row["number"],
        _days(row["on"], row["until"]),
        _("vouched for by %(name)s") % {"name": row["vouched_by"]},
        row["withdrawn_at"] and _("withdrawn"),
    ),
    "limits": lambda row: (row["scheme"], row["limit"] or _("lifted"), row["reason"], row["set_by"]),
    "readings": lambda row: (
        row["edition"],
        row["kind_label"],
        day_text(row["grace_until"]),
        _("done") if row["done"] else _("not done"),
    ),
    "manuals_read": lambda row: (row["edition"], day_text(timezone.localdate(row["confirmed_at"]))),
    "countersignatures": lambda row: (
        row["scheme"],
        f"{row['signer_name']} {row['signer']}",
        row["why"],
        row["remark"],
    ),
    "stops": lambda row: (
        row["equipment"],
        row["region"] or _("Everywhere"),
        day_text(row["starts_on"]),
        row["reason"],
    ),
}


def sections_of(facts: Row) -> list[Section]:
    """Return the lists of the paper that have rows, in words."""
    return [
        Section(str(title), [" · ".join(str(part) for part in _LINES[name](row) if part) for row in facts[name]])
        for name, title in TITLES.items()
        if facts[name]
    ]


def empty_lists(facts: Row) -> list[str]:
    """Return the titles of the lists nothing is on record of."""
    return [str(title) for name, title in TITLES.items() if not facts[name]]
