"""The expression tree that engines evaluate, built by the query package and the Wagtail backend."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: Of the terms a prefix stands for, hits are told so many, the most frequent ones.
MAX_EXPANSIONS = 64


class Expression:
    """Something a document matches or not, usually with a score."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class MatchAll(Expression):
    """Every document, with score 1."""


@dataclass(frozen=True, slots=True)
class Terms(Expression):
    """Tokens in one field, scored by BM25.

    Args:
        field: a TEXT field (or a KEYWORD field, where a match scores by rarity alone).
        tokens: the same chain that filled the index made them.
        operator: "or": any of them, the score is the sum; "and": all of them.
        boost: factor on the score.
        minimum: with "or": at least so many different tokens must occur ("fewer words").
    """

    field: str
    tokens: Sequence[str]
    operator: Literal["or", "and"] = "or"
    boost: float = 1.0
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Phrase(Expression):
    """Tokens next to each other and in this order. In a field without positions: all of them, anywhere."""

    field: str
    tokens: Sequence[str]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix(Expression):
    """Any term that begins with `text`; the score is the same for all, by how rare such documents are."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Fuzzy(Expression):
    """A term at most `distance` edits away from `token`, the `limit` nearest ones; nearer ones score higher."""

    field: str
    token: str
    distance: int = 1
    boost: float = 1.0
    limit: int = 16


@dataclass(frozen=True, slots=True)
class Values(Expression):
    """A KEYWORD field holds one of the values; the score is 0, so it filters softly or hard by where it stands."""

    field: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Range(Expression):
    """A KEYWORD field holds a value in the range (compared as text, so encode numbers and dates); score 0."""

    field: str
    lower: str | None = None
    upper: str | None = None
    include_lower: bool = True
    include_upper: bool = True


@dataclass(frozen=True, slots=True)
class Any(Expression):
    """One of the children; scores add up."""

    children: Sequence[Expression]


@dataclass(frozen=True, slots=True)
class All(Expression):
    """All of the children; scores add up. Without children: nothing."""

    children: Sequence[Expression]


@dataclass(frozen=True, slots=True)
class Best(Expression):
    """One of the children; the score is the best one plus `tie` times the others."""

    children: Sequence[Expression]
    tie: float = 0.0


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """Documents that do not match the child; score 0."""

    child: Expression


@dataclass(frozen=True, slots=True)
class Boost(Expression):
    """The child with its score multiplied."""

    child: Expression
    factor: float


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """The child with this score for every document that matches (soft filters, promoted records)."""

    child: Expression
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Should(Expression):
    """What `must` matches; documents that match `should` as well get its score on top (soft filters)."""

    must: Expression
    should: Sequence[Expression]


def children(node: Expression) -> Sequence[Expression]:
    """Return the expressions a node is made of, what is negated included."""
    if isinstance(node, Any | All | Best):
        return node.children
    if isinstance(node, Not | Boost | Constant):
        return (node.child,)
    return (node.must, *node.should) if isinstance(node, Should) else ()
