"""From a query to ordered candidates: read it, ask the engine, put the best in order, widen only where that failed.

No request, no permission and no screen here: the relevance bench measures exactly this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.search.documents import TEXT
from portal.search.engine import Engine, EngineQuery, Hit
from portal.search.engine.expressions import Expression, MatchAll

from .understanding.asking import expression_of, sound_of_concept
from .understanding.concepts import Alternative, Concept, ConceptKind, Reading
from .understanding.judging import Elsewhere, judge
from .understanding.lexicon import Lexicon
from .understanding.ranking import Ranked, Ranker, rarity_of, telling_of
from .understanding.reading import read

#: Candidates the engine is asked for; what is not among its best hundred is no answer, and nobody reads further.
CANDIDATES = 100
#: Below this the query is also asked by its sound.
SOUND_BELOW = 0.72
_COUNT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """Ordered candidates of a query.

    Args:
        reading: how the query was read.
        ranked: what answers it, best first.
        relaxed: whether no candidate says everything that was asked.
        missing: the words the best candidate does not say; never empty when `relaxed`.
        by_sound: whether the best candidate was only found by its sound.
        elsewhere: codes that are known, but not on the machine that was named.
    """

    reading: Reading
    ranked: tuple[Ranked, ...]
    relaxed: bool = False
    missing: tuple[str, ...] = ()
    by_sound: bool = False
    elsewhere: tuple[Elsewhere, ...] = ()


class Index:
    """An engine as query understanding sees it: frequencies remembered for the length of one search."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._seen: dict[tuple[str, str], int] = {}
        self._count = document_count(engine)

    def frequency(self, field: str, token: str) -> int:
        """Return the number of documents holding `token` in `field`."""
        key = (field, token)
        if key not in self._seen:
            self._seen[key] = self.engine.frequency(field, token)
        return self._seen[key]

    def is_known(self, token: str) -> bool:
        """Return whether a token of the flat field stands in any document; a lone character may begin one."""
        return len(token) == 1 or self.frequency(TEXT, token) > 0

    def ask(self, expression: Expression, filters: Mapping[str, Collection[str]]) -> list[Hit]:
        """Return the engine's best candidates."""
        return self.engine.search(EngineQuery(expression, filters=filters, limit=CANDIDATES)).hits

    def rarity(self, token: str) -> float:
        """Return how telling a token of the flat field is."""
        return rarity_of(self.frequency(TEXT, token), self._count)

    def telling(self, token: str) -> float:
        """Return how telling a token of the flat field is, from 0 to 1."""
        return telling_of(self.frequency(TEXT, token), max(self._count, 1))


_counts: dict[int, tuple[float, int]] = {}


def document_count(engine: Engine) -> int:
    """Return about how many documents the index holds; looked up once a minute."""
    now = time.monotonic()
    known = _counts.get(id(engine))
    if known is None or now - known[0] > _COUNT_SECONDS:
        known = _counts[id(engine)] = (now, engine.search(EngineQuery(MatchAll(), limit=0)).total)
    return known[1]


def find(
    query: str,
    engine: Engine,
    lexicon: Lexicon,
    filters: Mapping[str, Collection[str]],
    kind_weight: Callable[[str], float] = lambda kind: 1.0,
    narrowed: Mapping[str, Collection[str]] | None = None,
) -> Found:
    """Return what answers a query.

    Args:
        query: as typed.
        engine: the index of documents.
        lexicon: equipment, synonyms, words for kinds.
        filters: keyword field → accepted values; permission is one of them.
        kind_weight: how much a kind counts beside others.
        narrowed: what the reader narrowed the results to. Where more documents than `CANDIDATES` are in question, the
            best of these are looked at too; what is found elsewhere stays among the results, so that one verdict holds
            whatever is chosen.

    Raises:
        EngineUnavailable: there is no index that can be read.
    """
    index = Index(engine)
    reading = read(query, lexicon, index)
    if reading.is_empty:
        return Found(reading, ())
    if not reading.codes and not reading.concepts:
        return Found(reading, (), missing=reading.unknown_machines)
    scopes = [filters, {**filters, **narrowed}] if narrowed else [filters]
    ranked = _ask(reading, index, scopes, kind_weight)
    by_sound = False
    if reading.concepts and (not ranked or ranked[0].coverage < SOUND_BELOW):
        sounds = tuple(_sound_of(concept, index) for concept in reading.concepts)
        wider = _ask(reading, index, scopes, kind_weight, sounds) if any(sounds) else []
        if wider and (not ranked or wider[0].coverage > ranked[0].coverage + 0.05):
            ranked, by_sound = wider, wider[0].by_sound
    verdict = judge(reading, ranked)
    return Found(
        reading,
        verdict.kept,
        relaxed=verdict.relaxed,
        missing=verdict.missing,
        by_sound=by_sound,
        elsewhere=verdict.elsewhere,
    )


def _sound_of(concept: Concept, index: Index) -> Alternative | None:
    """The sound of what is written in no text: a wrong character leaves pairs that nobody wrote."""
    typed = concept.alternatives[0]
    if concept.kind is ConceptKind.EQUIPMENT or typed.by_sound or all(map(index.is_known, typed.tokens)):
        return None
    return sound_of_concept(concept)


def _ask(
    reading: Reading,
    index: Index,
    scopes: Sequence[Mapping[str, Collection[str]]],
    kind_weight: Callable[[str], float],
    sounds: tuple[Alternative | None, ...] = (),
) -> list[Ranked]:
    expression = expression_of(reading, sounds)
    hits: dict[str, Hit] = {}
    for filters in scopes:
        found = index.ask(expression, filters)
        hits |= {hit.key: hit for hit in found if hit.key not in hits}
        if len(found) < CANDIDATES:
            break
    return Ranker(reading, index.rarity, index.telling, index.is_known, kind_weight, sounds).order([*hits.values()])
