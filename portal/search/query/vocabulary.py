"""State of a query being parsed, the index's vocabulary, and concepts of known terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from portal.search import analysis
from portal.search.query.concepts import Alternative, CodeReading, Concept, ConceptKind
from portal.search.query.lexicon import Entry, Lexicon

#: How sure an alternative from the synonym list is.
SYNONYM_WEIGHT = 0.85
MAX_ALTERNATIVES = 14


class Vocabulary(Protocol):
    """Document frequencies of the index, as the parser asks for them."""

    def frequency(self, field: str, token: str) -> int:
        """Return the number of documents holding `token` in `field`."""


@dataclass(slots=True)
class ParserState:
    """What has been parsed so far."""

    lexicon: Lexicon
    vocabulary: Vocabulary
    codes: list[CodeReading] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    fillers: list[Concept] = field(default_factory=list)
    corrections: list[tuple[str, str]] = field(default_factory=list)
    unknown_machines: list[str] = field(default_factory=list)


def guessed_machine(text: str, entries: list[Entry]) -> Concept:
    """Return a machine under a name nobody wrote down, by the known ones it has most in common with."""
    return Concept(
        text=text,
        kind=ConceptKind.EQUIPMENT,
        alternatives=(Alternative(text, tuple(analysis.query_tokens(text))),),
        equipment=frozenset().union(*(entry.equipment for entry in entries)),
        categories=frozenset().union(*(entry.categories for entry in entries)),
        siblings=frozenset().union(*(entry.siblings for entry in entries)),
        is_guess=True,
    )


def loose_concept(text: str) -> Concept:
    """Return what nobody named, as it was typed."""
    return Concept(text, ConceptKind.SYMPTOM, (Alternative(text, tuple(analysis.query_tokens(text))),))


def concept_of(entry: Entry, spelled: str) -> Concept:
    """Return the concept of a known term: the term itself, then what editors say means the same."""
    kind = ConceptKind.EQUIPMENT if entry.is_equipment else ConceptKind.KIND if entry.kinds else ConceptKind.SYMPTOM
    others = [text for text in entry.alternatives if text != spelled][:MAX_ALTERNATIVES]
    return Concept(
        text=spelled,
        kind=kind,
        alternatives=(
            Alternative(spelled, tuple(analysis.query_tokens(spelled))),
            *(Alternative(text, tuple(analysis.query_tokens(text)), SYNONYM_WEIGHT) for text in others),
        ),
        equipment=frozenset(entry.equipment),
        categories=frozenset(entry.categories),
        siblings=frozenset(entry.siblings),
        kinds=frozenset(entry.kinds),
        is_term=True,
        is_brand=entry.is_brand,
    )
