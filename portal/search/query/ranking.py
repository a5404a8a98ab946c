"""Rank the engine's candidates by how much of each concept they contain, and where.

BM25 over pairs of characters finds the candidates; it cannot tell that three matching pairs out of one phrase answer
better than three out of three. So for the best of them every concept of the query is compared with what people read
first (title, symptoms, aliases, names: the head) and with the body.

What is measured, each from 0 to 1 unless said otherwise:

    of a token      rarity      1 in every document, about 4 in one of ten thousand: what a concept weighs
                    telling     0 in every document, 1 in a single one: whether it is evidence
    of a concept    said        how well a candidate says it, wherever it stands
    in a candidate  value       the same, but a phrase of the head counts fully and pieces of the body little
    of a candidate  coverage    said, over all concepts by weight
                    placed      the same, but what is no known term counts by its value
                    strength    telling times value, summed over what is said: may pass 1
                    score       value over all concepts by weight, with what is added and taken off: the order
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, NamedTuple, Protocol

from portal.search.engine import Hit
from portal.search.query.concepts import Alternative, Concept, ConceptKind, Reading
from portal.search.query.fault_codes import code_match
from portal.search.query.matching import HEAD_PHRASE, WEAK_CHARACTERS, WEAK_FACTOR, WEAK_PAIRED, Place, Way

#: The engine's own score counts this much beside what is said of the concepts.
ENGINE_SHARE = 0.2
#: A concept that is one whole phrase of the head (不制冷 as an alias) rather than part of a longer one.
WHOLE_PHRASE_BONUS = 0.08
#: Where a concept is said to less than this, what sounds like it counts.
HEARD_BELOW = 0.7
#: From this on a concept counts as answered.
SAID = 0.6
#: What is heard rather than read tells this much; ways looked at for how telling a concept is.
HEARD_TELLING, MAX_TOLD = 0.8, 6
CATEGORY_MATCH, SIBLING_MATCH = 0.9, 0.6
#: A machine guessed from an unknown name is not said to have been found: below `SAID`.
GUESSED = 0.55
#: Who names a machine wants that machine: another trouble of it is nearer than the same trouble of another one.
EQUIPMENT_FACTOR = 1.4
#: A word for a kind of content (手册, 故障) says little about the trouble.
KIND_FACTOR = 0.3
OTHER_KIND = 0.8
UNKNOWN_FACTOR = 0.5
#: What is about another machine than the one named comes behind it.
UNNAMED = 0.64
LONE_WEIGHT = 0.4
#: Added to what belongs to the same category as a full answer, where the query named no machine.
NEIGHBOUR_BONUS = 0.12
FULL_ANSWER = 0.9
_FACTORS = {ConceptKind.EQUIPMENT: EQUIPMENT_FACTOR, ConceptKind.KIND: KIND_FACTOR}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place in the order.

    Args:
        hit: the engine's hit.
        score: what it is ordered by; higher is better.
        coverage, placed, strength: see the table above.
        covered: for every concept of the reading, how well it is said.
        code: the best match of a code: 1 exact, less for a similar one, 0 for none.
        by_sound: whether a concept is matched only by its sound.
        weights: what each concept weighs, so that a share can be taken of some of them only.
        named: how far it is about a machine that was named: 1 itself, less for its category or a sibling, 0 not.
    """

    hit: Hit
    score: float
    coverage: float
    covered: tuple[float, ...]
    code: float
    by_sound: bool = False
    placed: float = 0.0
    weights: tuple[float, ...] = ()
    strength: float = 0.0
    named: float = 0.0


class Said(NamedTuple):
    """How well a candidate says one concept; see the table above."""

    value: float
    said: float
    #: Added to the score where it is one whole phrase of the head.
    bonus: float
    by_sound: bool


class Tokens(Protocol):
    """What is asked about tokens of the flat field."""

    def is_known(self, token: str) -> bool:
        """Return whether a token stands in any document."""

    def rarity(self, token: str) -> float:
        """See `rarity_of`."""

    def telling(self, token: str) -> float:
        """See `telling_of`."""


class Ranker:
    """Orders the candidates of one reading.

    Args:
        reading: what was understood.
        index: how common tokens are.
        kind_weight: how much a kind of content counts beside others.
        sounds: for every concept what to listen for beside its words, if anything.
    """

    def __init__(
        self,
        reading: Reading,
        index: Tokens,
        kind_weight: Callable[[str], float],
        sounds: Sequence[Alternative | None] = (),
    ) -> None:
        self.reading = reading
        self._index = index
        self._kind_weight = kind_weight
        self._asked_kinds = {kind for concept in reading.concepts for kind in concept.kinds}
        self._weights = [self._weight(concept) for concept in reading.concepts]
        self._ways = [
            [Way(way, self._token_weight, is_typed=not place) for place, way in enumerate(concept.alternatives)]
            for concept in reading.concepts
        ]
        heard = sounds or [None] * len(reading.concepts)
        self._sounds = [Way(sound, self._token_weight) if sound else None for sound in heard]
        self._telling = [
            self._told(concept, sound is not None) for concept, sound in zip(reading.concepts, heard, strict=True)
        ]
        self._code_weight = max([*self._weights, 1.0]) * 1.5

    def order(self, hits: list[Hit]) -> list[Ranked]:
        """Return the hits, best first; ties keep the engine's order."""
        best = max((hit.score for hit in hits), default=0.0) or 1.0
        ranked = [self._rank(hit, hit.score / best) for hit in hits]
        ranked.sort(key=lambda item: -item.score)
        return self._neighbours_first(ranked)

    def _neighbours_first(self, ranked: list[Ranked]) -> list[Ranked]:
        """Among what answers only in part, prefer the machines of the full answers at the top."""
        if any(concept.kind is ConceptKind.EQUIPMENT for concept in self.reading.concepts):
            return ranked
        full = [item for item in ranked[:5] if item.coverage >= FULL_ANSWER]
        categories = {category for item in full for category in item.hit.stored.get("categories", ())}
        if not categories:
            return ranked

        def place(item: Ranked) -> float:
            near = not categories.isdisjoint(item.hit.stored.get("categories", ()))
            return -(item.score + (NEIGHBOUR_BONUS if near else 0.0))

        return full + sorted((item for item in ranked if item not in full), key=place)

    def _rank(self, hit: Hit, engine_score: float) -> Ranked:
        stored = hit.stored
        codes = [code_match(code, stored) for code in self.reading.codes]
        said = self._said(hit)
        values, covered = [item.value for item in said], [item.said for item in said]
        machines = [concept for concept in self.reading.concepts if concept.kind is ConceptKind.EQUIPMENT]
        named = max((named_match(concept, stored) for concept in machines), default=0.0)
        score = self._mean(codes, values) + sum(item.bonus for item in said) + ENGINE_SHARE * engine_score
        if machines and not named:
            score *= UNNAMED
        placed = [
            item.said if concept.is_term else min(item.value, item.said)
            for concept, item in zip(self.reading.concepts, said, strict=True)
        ]
        strength = sum(
            telling * item.value for telling, item in zip(self._telling, said, strict=True) if item.said >= SAID
        )
        return Ranked(
            hit=hit,
            score=score * self._weight_of_kind(str(stored.get("kind", ""))),
            coverage=self._mean(codes, covered),
            covered=tuple(covered),
            code=max(codes, default=0.0),
            by_sound=any(item.by_sound for item in said),
            placed=self._mean(codes, placed),
            weights=tuple(self._weights),
            strength=strength,
            named=named,
        )

    def _said(self, hit: Hit) -> list[Said]:
        """Return how well each concept is said."""
        place = Place(hit)
        found = []
        for concept, ways, sound in zip(self.reading.concepts, self._ways, self._sounds, strict=True):
            value, said, whole = _best_way(named_match(concept, hit.stored), ways, place)
            bonus = WHOLE_PHRASE_BONUS if whole and concept.kind is not ConceptKind.EQUIPMENT else 0.0
            heard = sound.weight * sound.said(place)[1] if sound is not None and said < HEARD_BELOW else 0.0
            found.append(Said(max(value, heard), max(said, heard), bonus, by_sound=heard > said))
        return found

    def _told(self, concept: Concept, is_heard: bool) -> float:
        """How telling a concept is, 0 to about 1: by the rarest strong pair of what was typed or else meant."""
        best = 0.0
        for way in concept.alternatives[:MAX_TOLD]:
            if way.by_sound:
                return HEARD_TELLING
            known = [token for token in way.tokens if self._index.is_known(token) and _is_strong(token)]
            best = max(best, max(map(self._index.telling, known), default=0.0))
            if known:
                break
        return best if best or not is_heard else HEARD_TELLING

    def _weight_of_kind(self, kind: str) -> float:
        """A kind that is asked for (手册) leads; without a word for one, each has its own weight."""
        if self._asked_kinds:
            return 1.0 if kind in self._asked_kinds else OTHER_KIND * self._kind_weight(kind)
        return self._kind_weight(kind)

    def _mean(self, codes: list[float], values: list[float]) -> float:
        total = sum(self._weights) + (self._code_weight if codes else 0.0)
        if not total:
            return 0.0
        said = sum(weight * value for weight, value in zip(self._weights, values, strict=True))
        return (said + self._code_weight * max(codes, default=0.0)) / total

    def _weight(self, concept: Concept) -> float:
        """A concept weighs by the rarity of what was typed, dampened: a long symptom says more, but not six times
        more.
        """
        if concept.is_lone:
            return LONE_WEIGHT
        typed = concept.alternatives[0] if concept.alternatives else None
        if typed is None or typed.by_sound:
            return 2.0
        weight = max(0.5, sum(map(self._known_weight, typed.tokens)) ** 0.5)
        return weight * _FACTORS.get(concept.kind, 1.0)

    def _known_weight(self, token: str) -> float:
        """A pair in no text at all is mostly one across two words; it must not outweigh what can be answered."""
        return self._token_weight(token) * (1.0 if self._index.is_known(token) else UNKNOWN_FACTOR)

    def _token_weight(self, token: str) -> float:
        weak = len(token) <= 2 and not WEAK_CHARACTERS.isdisjoint(token)
        return self._index.rarity(token) * (WEAK_FACTOR if weak else 1.0)


def _is_strong(token: str) -> bool:
    return len(token) > 1 and WEAK_PAIRED.isdisjoint(token)


def named_match(concept: Concept, stored: Mapping[str, Any]) -> float:
    """Return how far a document is about what a concept names: equipment, a category of it, a kind of content."""
    sure = GUESSED if concept.is_guess else 1.0
    if not concept.equipment.isdisjoint(stored.get("equipment", ())) or stored.get("kind") in concept.kinds:
        return sure
    categories = stored.get("categories", ())
    if not concept.categories.isdisjoint(categories):
        return CATEGORY_MATCH * sure
    return SIBLING_MATCH * sure if not concept.siblings.isdisjoint(categories) else 0.0


def _best_way(named: float, ways: list[Way], place: Place) -> tuple[float, float, bool]:
    """Return how well a concept is said, for the order and at all, and whether one phrase of the head is just that."""
    value = said = named
    whole = False
    for way in ways:
        way_value, way_said = way.said(place)
        value, said = max(value, way.weight * way_value), max(said, way.weight * way_said)
        whole = whole or (way_value == HEAD_PHRASE and place.has_phrase(way.text))
    return value, said, whole


def rarity_of(frequency: int, documents: int) -> float:
    """Return how telling a token is, 1 for one in every document; one in none counts like one in a single document."""
    return 1.0 + log(1.0 + max(documents, 1) / (max(frequency, 1) + 0.5)) / 3.0


def telling_of(frequency: int, documents: int) -> float:
    """Return how telling a token is among others: 1 for one in a single document, 0 for one in every document."""
    return log((documents + 1) / (frequency + 0.5)) / log((documents + 1) / 1.5)
