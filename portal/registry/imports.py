"""Registry of what can be imported from tables: columns, what a row would change, and how it is written.

``portal.exchange.imports`` reads, previews, accepts and undoes; a kind says what its rows mean.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """What becomes of a row."""

    REFUSE = "refuse", _("Problem")
    ASK = "ask", _("To be asked")
    ADD = "add", _("New")
    CHANGE = "change", _("Changed")
    SAME = "same", _("Unchanged")


@dataclass(frozen=True)
class Column:
    """One column a kind understands.

    Args:
        key: its name in ``TableRow``.
        label: its title on screen.
        titles: what files call it; letter case, spaces, width and a unit in brackets do not matter.
        is_required: a table without it is mapped by hand before anything is judged.
    """

    key: str
    label: Any
    titles: Sequence[str]
    is_required: bool = False


@dataclass(frozen=True)
class TableRow:
    """A row below the header, by column key.

    Args:
        number: as Excel counts it.
        values: text as written; a missing column is an empty text.
        present: keys of the columns the table has: an empty cell of those may mean "nothing", of others "not said".
    """

    sheet: str
    number: int
    values: Mapping[str, str]
    present: frozenset[str]

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")


@dataclass(frozen=True)
class Problem:
    """Why a row is not taken: the column (empty for the whole row) and a sentence."""

    column: str
    message: str


@dataclass(frozen=True)
class Question:
    """What the operator decides about a row: choices as (value, label)."""

    message: str
    choices: Sequence[tuple[str, str]]


@dataclass
class Verdict:
    """What a row would do.

    Args:
        changes: (what, before, after) as people read them.
        notes: what was put right or left out, for the operator to see.
    """

    outcome: Outcome
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    question: Question | None = None


@dataclass(frozen=True)
class Made:
    """A record an import wrote.

    Args:
        model: ``app.model``.
        fields: of a changed record, name → [before, after] as JSON holds them; empty for one that was added.
    """

    model: str
    pk: int
    fields: Mapping[str, Sequence[Any]] = field(default_factory=dict)


class Desk(Protocol):
    """The rows of one table on the desk of one person: it has looked up what they name."""

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would do; rows come in the order of the table, so that one seen twice is noticed."""

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Write a row that was judged to add or change something, through the domain's verbs."""


@dataclass(frozen=True)
class ImportKind:
    """Something that can be imported.

    Args:
        may_use: whether a person may import it at all; the desk judges rows by their sight.
        desk: opens a desk for the rows of a table, with the options of the import.
        options: what of the address of the start page the import keeps, checked for the person; None for nothing.
        arrange: makes tables of a text that holds none, such as a table pasted as one paragraph.
        undo: ``app.model`` → how a record that was added is taken back; deleted where nothing is said.
        order: smaller stands first in the list.
        is_listed: False for what starts from a record's own page.
    """

    key: str
    label: Any
    help: Any
    columns: Sequence[Column]
    may_use: Callable[[Any], bool]
    desk: Callable[[Any, Sequence[TableRow], Mapping[str, Any]], Desk]
    undo: Mapping[str, Callable[[Any, Any], None]] = field(default_factory=dict)
    order: int = 50
    options: Callable[[Any, Mapping[str, str]], dict[str, Any]] | None = None
    arrange: Callable[[str], list[Any]] | None = None
    is_listed: bool = True


_kinds: dict[str, ImportKind] = {}


def register_import(kind: ImportKind) -> None:
    """Add a kind; call it from AppConfig.ready."""
    _kinds[kind.key] = kind


def import_kind(key: str) -> ImportKind | None:
    """Return the kind of this key."""
    return _kinds.get(key)


def import_kinds(person: Any) -> list[ImportKind]:
    """Return the kinds ``person`` may import, in order."""
    return sorted((kind for kind in _kinds.values() if kind.may_use(person)), key=lambda kind: kind.order)
