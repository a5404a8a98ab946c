"""Data of a search answer, rendered alike by page, API and suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrowed the results to; every value as it stands in the address."""

    equipment: str = ""
    kind: str = ""
    brand: str = ""
    severity: str = ""
    phone: bool = False

    @property
    def active(self) -> bool:
        """Whether any filter is set."""
        return bool(self.equipment or self.kind or self.brand or self.severity or self.phone)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked where it matches the query."""

    text: str
    marked: bool = False


class Why(StrEnum):
    """Why something was found."""

    CODE = "code"
    SIMILAR_CODE = "similar_code"
    TITLE = "title"
    NAMES = "names"
    EQUIPMENT = "equipment"
    BODY = "body"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was found, and the words that say so."""

    why: Why
    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerHit:
    """One result."""

    ref: str
    kind: str
    kind_label: str | Promise
    title: str
    title_pieces: tuple[Piece, ...]
    url: str
    codes: tuple[str, ...]
    equipment: tuple[str, ...]
    equipment_name: str
    brand: str
    severity: str
    phone_doable: bool
    score: float
    snippet_pieces: tuple[Piece, ...]
    reasons: tuple[Reason, ...] = ()
    promoted: bool = False
    #: The languages it can be read in, that of the source first.
    languages: tuple[str, ...] = ()

    @property
    def snippet(self) -> str:
        """The snippet as plain text."""
        return "".join(piece.text for piece in self.snippet_pieces)


@dataclass(frozen=True, slots=True)
class Group:
    """Results that belong to one machine: a choice to offer when a code means different things."""

    label: str
    equipment: str
    hits: tuple[AnswerHit, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A choice that narrows the results."""

    value: str
    label: str | Promise
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """The choices of one filter; `name` is the parameter in the address."""

    name: str
    label: str | Promise
    values: tuple[FacetValue, ...]


class Notice(StrEnum):
    """What a reader must know about the answer."""

    TRUNCATED = "truncated"
    NOTHING_TO_LOOK_UP = "nothing_to_look_up"
    FEWER_WORDS = "fewer_words"
    UNKNOWN_CODE = "unknown_code"
    SIMILAR_CODE = "similar_code"
    CODE_ELSEWHERE = "code_elsewhere"
    UNKNOWN_MACHINE = "unknown_machine"
    BY_SOUND = "by_sound"
    DEGRADED = "degraded"
    ONLY_BEST = "only_best"


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The answer to a search.

    Args:
        query: the query as it was read.
        hits: this page of results, best first.
        total: results in all.
        page, pages: from 1.
        groups: the same hits by machine, when a bare code means different things; else empty.
        facets: choices that narrow the results.
        notices: what to say about the answer; `details` holds the words for it.
        suggestion: the query as it was probably meant, or empty.
        relaxed: whether no result says everything that was asked.
    """

    query: str
    filters: Filters = field(default_factory=Filters)
    hits: tuple[AnswerHit, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 0
    groups: tuple[Group, ...] = ()
    facets: tuple[Facet, ...] = ()
    notices: tuple[Notice, ...] = ()
    details: Mapping[Notice, str] = field(default_factory=dict)
    suggestion: str = ""
    relaxed: bool = False

    @property
    def is_degraded(self) -> bool:
        """Whether no index answered: there may be more than was found."""
        return Notice.DEGRADED in self.notices

    @property
    def is_asked(self) -> bool:
        """Whether there was anything to answer."""
        return bool(self.query) or self.filters.active
