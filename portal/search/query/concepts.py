"""Data of a parsed query: codes, and concepts with their alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConceptKind(StrEnum):
    """What part a piece of the query plays."""

    EQUIPMENT = "equipment"
    SYMPTOM = "symptom"
    KIND = "kind"
    WORD = "word"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to say a concept.

    Args:
        text: folded, as it would stand in a text; empty for a sound.
        tokens: tokens of the flat field, or of the pinyin field with `by_sound`.
        weight: how sure it is that this is meant, 1 for what was typed.
    """

    text: str
    tokens: tuple[str, ...]
    weight: float = 1.0
    by_sound: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """A piece of the query that means one thing.

    Args:
        text: as typed, folded.
        kind: its part in the query.
        alternatives: ways to say it, the typed one first.
        equipment: models it names; `categories`: categories it names; `siblings`: categories of the models.
        kinds: kinds of content it asks for.
        is_guess: whether the equipment is only what an unknown name has most in common with.
        is_term: whether the lexicon knows it; else it is what stood between terms.
        is_brand: whether it names a maker, whose machines may well share codes with others'.
    """

    text: str
    kind: ConceptKind
    alternatives: tuple[Alternative, ...]
    equipment: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    siblings: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    is_guess: bool = False
    is_term: bool = False
    is_brand: bool = False

    @property
    def is_lone(self) -> bool:
        """Whether it is a single character that no editor named."""
        return len(self.text) == 1 and len(self.alternatives) == 1


class CodeMatch(StrEnum):
    """How a code of the query is known."""

    EXACT = "exact"
    #: Not a document's own code, but spoken of in one (P0302 in P0301–P0304).
    MENTIONED = "mentioned"
    #: Only with another case, with O for 0 or l for 1, or with zeros in front.
    SIMILAR = "similar"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CodeReading:
    """A code in the query: as typed, as compared exactly and folded, and whether the index knows it."""

    shown: str
    key: str
    folded: tuple[str, ...]
    match: CodeMatch


@dataclass(frozen=True, slots=True)
class Reading:
    """A query understood.

    Args:
        query: what was asked, cleaned.
        codes: fault codes, each for itself.
        concepts: everything else.
        truncated: whether a part beyond the length limit was left out.
        suggestion: the query as it was probably meant, when the reading had to change a spelling.
        tokens: of the whole query, in the flat field.
        unknown_machines: what names a machine the portal has nothing about (微波炉).
    """

    query: str
    codes: tuple[CodeReading, ...] = ()
    concepts: tuple[Concept, ...] = ()
    truncated: bool = False
    suggestion: str = ""
    tokens: tuple[str, ...] = ()
    unknown_machines: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the query can be looked up."""
        return not self.codes and not self.concepts and not self.unknown_machines

    @property
    def names_equipment(self) -> bool:
        """Whether a machine that is known is named."""
        return any(concept.kind is ConceptKind.EQUIPMENT for concept in self.concepts)

    @property
    def is_bare_code(self) -> bool:
        """Whether the query is codes and nothing else: the answer is a chooser by equipment."""
        return bool(self.codes) and not self.concepts
