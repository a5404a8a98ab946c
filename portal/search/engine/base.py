"""The interface of a full-text engine: schema, documents, queries, results, errors.

Callers analyse text, parse queries and add permission filters; an engine stores postings and evaluates expressions.
It is given tokens, never text, so every engine gives the same answers.

An index is described by a `Schema` of two kinds of fields: TEXT fields hold tokens and are scored by BM25; KEYWORD
fields hold exact values (codes, kinds, permissions, encoded dates) and answer filters, facets and ordering.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, Protocol, Self

from portal.search.engine.expressions import Expression

#: Field → accepted values; a document must have one of the values in every field named.
Filters = Mapping[str, Collection[str]]
#: Called with the number of documents written so far.
Progress = Callable[[int], None]


class FieldKind(StrEnum):
    """What a field holds and how it is asked."""

    TEXT = "text"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an index.

    Args:
        name: letters, digits and underscores.
        kind: TEXT (tokens, scored) or KEYWORD (exact values).
        positions: TEXT only: keep the places of tokens, so that `Phrase` is exact; about a third more to write.
        sortable: KEYWORD only: results can be ordered by it; a document holds one value or none.
    """

    name: str
    kind: FieldKind
    positions: bool = False
    sortable: bool = False


@dataclass(frozen=True)
class Schema:
    """The fields of an index, and the version of what fills them.

    An index written under another schema or another version is reported by `Engine.health` and must be rebuilt.
    """

    fields: tuple[FieldSpec, ...]
    version: str = "1"

    @cached_property
    def _by_name(self) -> dict[str, FieldSpec]:
        return {spec.name: spec for spec in self.fields}

    def __getitem__(self, name: str) -> FieldSpec:
        return self._by_name[name]

    def names(self) -> list[str]:
        """Return the field names in order."""
        return [spec.name for spec in self.fields]


@dataclass(frozen=True, slots=True)
class EngineDocument:
    """What an engine stores of one record.

    No token is empty or has white space in it.

    Args:
        key: unique in the index; a document with the same key replaces the old one.
        group: what it is deleted with beside its key: the record that gives several documents (a manual's chapters).
        text: tokens in order, by TEXT field.
        keywords: exact values, by KEYWORD field.
        stored: given back with a hit as it is; JSON values only.
    """

    key: str
    text: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stored: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True, slots=True)
class SortKey:
    """Order by the value of a sortable KEYWORD field; documents without one come last unless `nulls_first`."""

    field: str
    descending: bool = False
    nulls_first: bool = False


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """One question to an engine.

    Args:
        expression: what to match and score.
        filters: what may be found at all; they do not score.
        where: a further condition, not scored (ranges, negations, several fields joined).
        limit: hits wanted; 0 asks for the total and the facets only.
        offset: hits to skip.
        facets: KEYWORD fields to count. The counts of a field leave out the filter on that field itself, so that a
            reader sees what the other choices would give.
        order: instead of by score; ties are broken by the place in the index.
        matched: whether hits say which terms they hold.
    """

    expression: Expression
    filters: Filters = field(default_factory=dict)
    where: Expression | None = None
    limit: int = 20
    offset: int = 0
    facets: Sequence[str] = ()
    order: Sequence[SortKey] = ()
    matched: bool = True


class Hit(NamedTuple):
    """A document found: its key, its score (0.0 when ordered by a field), what was stored and which terms matched.

    A tuple, since a query makes a hundred of them: a frozen dataclass takes three times as long to make.
    """

    key: str
    score: float
    stored: Mapping[str, Any]
    #: (field, token) of every scored term of the query this document holds.
    matched: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EngineResults:
    """The answer to an `EngineQuery`.

    Args:
        total: all documents that match, whatever the limit.
        hits: the page asked for.
        facets: field → value → count, most frequent first; the value None counts documents without one.
    """

    total: int
    hits: list[Hit]
    facets: Mapping[str, Mapping[str | None, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completion:
    """A term of the index and the number of visible documents that hold it."""

    term: str
    frequency: int


class HealthState(StrEnum):
    """Whether an index can be searched and written."""

    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"
    OUTDATED = "outdated"
    READ_ONLY = "read_only"

    @property
    def searchable(self) -> bool:
        """Return whether searches can be answered from it."""
        return self in (HealthState.OK, HealthState.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one index: what is wrong in one sentence, how many documents it holds, which generation it is."""

    state: HealthState
    detail: str = ""
    documents: int = 0
    generation: str = ""


class EngineError(Exception):
    """An engine could not do what was asked."""


class EngineUnavailable(EngineError):
    """The index is missing, damaged or of another version: degrade to the database and rebuild."""


class EngineBusy(EngineError):
    """Another process is writing and did not finish in time."""


CatchUp = Callable[[], tuple[Sequence[EngineDocument], Sequence[str]]]


class Rebuild(Protocol):
    """A new generation being written beside the one that is searched; as a context, thrown away unless committed."""

    written: int

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, *raised: object) -> None:
        """Abort."""

    def add(self, documents: Iterable[EngineDocument]) -> None:
        """Write further documents into the new generation."""

    def commit(self, catch_up: "CatchUp | None" = None) -> str:
        """Make the new generation the one that is searched and return its name.

        Args:
            catch_up: called when no update can come between any more; returns the documents changed and the keys or
                groups deleted since the rebuild began, which are then brought into the new generation.
        """

    def abort(self) -> None:
        """Throw the new generation away; the old one stays. Never raises; without effect after a commit or abort."""


class Engine(Protocol):
    """A full-text index, safe to share between threads; `get_engine` gives one instance a process and index."""

    schema: Schema

    def search(self, query: EngineQuery) -> EngineResults:
        """Answer a query from the newest committed state.

        Raises:
            EngineError: the question is about a field that cannot answer it.
            EngineUnavailable: there is no index that can be read.
        """

    def complete(self, field: str, prefix: str, limit: int = 10, filters: Filters | None = None) -> list[Completion]:
        """Return terms that begin with `prefix` and occur in a document the filters admit, most frequent first.

        Raises:
            EngineError: there is no such field.
            EngineUnavailable: there is no index that can be read.
        """

    def frequency(self, field: str, token: str, filters: Filters | None = None) -> int:
        """Return the number of documents that hold `token` and that the filters admit.

        Raises:
            EngineError: there is no such field.
            EngineUnavailable: there is no index that can be read.
        """

    def count(self, filters: Filters | None = None) -> int:
        """Return the number of documents the filters admit."""

    def update(self, documents: Iterable[EngineDocument], deletes: Iterable[str] = ()) -> None:
        """Delete keys and groups, then write documents, in one commit. Readers never wait.

        Raises:
            EngineError: a document does not fit the schema; nothing is written.
            EngineBusy: another writer held the lock for too long.
            EngineUnavailable: the index cannot be written.
        """

    def start_rebuild(self) -> Rebuild:
        """Begin a new generation in a new place; searches and updates of the old one go on."""

    def rebuild(self, documents: Iterable[EngineDocument], progress: Progress | None = None) -> str:
        """Write all documents into a new generation, swap it in and return its name."""

    def health(self) -> Health:
        """Look at the index and say how it is; never raises."""

    def close(self) -> None:
        """Let go of open files."""
