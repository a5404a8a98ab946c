"""From a query to ordered candidates: read it, ask the engine, put the best in order, widen only where that failed.

No request, no permission and no screen here: the relevance bench measures exactly this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from portal.search.documents import TEXT
from portal.search.engine import Engine, EngineQuery, Hit
from portal.search.engine.expressions import Expression, MatchAll

from .understanding.asking import characters_of, expression_of
from .understanding.concepts import CodeMatch, ConceptKind, Reading
from .understanding.lexicon import Lexicon
from .understanding.ranking import Ranked, Ranker, rarity_of
from .understanding.reading import read

#: Candidates the engine is asked for; what is not among its best hundred is no answer, and nobody reads further.
CANDIDATES = 100
#: Where even the best candidate says less than this share of what was asked, nothing answers it, unless a machine or
#: code was named. Chosen on the judged queries and on those nobody can answer, see docs/search.md.
ANSWER_FLOOR = 0.45
#: Below this share a candidate beside better ones is noise.
FLOOR = 0.34
#: And so is one that says less than this share of what the best one says.
RELATIVE_FLOOR = 0.3
#: Below this the query is also asked by its sound.
SOUND_BELOW = 0.72
#: From this on a concept counts as answered.
SAID = 0.7
_COUNT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """Ordered candidates of a query.

    Args:
        reading: how the query was read.
        ranked: what answers it, best first.
        relaxed: whether no candidate says everything that was asked.
        missing: the words no kept candidate says.
        by_sound: whether the best candidate was only found by its sound.
    """

    reading: Reading
    ranked: tuple[Ranked, ...]
    relaxed: bool = False
    missing: tuple[str, ...] = ()
    by_sound: bool = False


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
) -> Found:
    """Return what answers a query.

    Args:
        query: as typed.
        engine: the index of documents.
        lexicon: equipment, synonyms, words for kinds.
        filters: keyword field → accepted values; permission is one of them.
        kind_weight: how much a kind counts beside others.

    Raises:
        EngineUnavailable: there is no index that can be read.
    """
    index = Index(engine)
    reading = read(query, lexicon, index)
    if reading.is_empty:
        return Found(reading, ())
    ranked = _ask(reading, index, filters, kind_weight, by_sound=False)
    by_sound = False
    if reading.concepts and (not ranked or ranked[0].coverage < SOUND_BELOW):
        wider = _ask(reading, index, filters, kind_weight, by_sound=True)
        if wider and (not ranked or wider[0].coverage > ranked[0].coverage + 0.05):
            ranked, by_sound = wider, wider[0].by_sound
    found = _kept(reading, ranked, by_sound)
    characters = characters_of(reading)
    if found.ranked or characters is None or reading.codes:
        return found
    return _kept(reading, _order(reading, index, index.ask(characters, filters), kind_weight), by_sound=False)


def _ask(
    reading: Reading,
    index: Index,
    filters: Mapping[str, Collection[str]],
    kind_weight: Callable[[str], float],
    *,
    by_sound: bool,
) -> list[Ranked]:
    hits = index.ask(expression_of(reading, by_sound=by_sound), filters)
    return _order(reading, index, hits, kind_weight, by_sound=by_sound)


def _order(
    reading: Reading, index: Index, hits: list[Hit], kind_weight: Callable[[str], float], *, by_sound: bool = False
) -> list[Ranked]:
    return Ranker(reading, index.rarity, index.is_known, kind_weight, by_sound=by_sound).order(hits)


def _kept(reading: Reading, ranked: list[Ranked], by_sound: bool) -> Found:
    best = max((item.coverage for item in ranked), default=0.0)
    floor = max(FLOOR, RELATIVE_FLOOR * best)
    # Who names a known machine is shown what there is about it, even if the trouble is in no article.
    named = any(concept.kind is ConceptKind.EQUIPMENT for concept in reading.concepts)
    named = named or any(item.code for item in ranked[:1])
    kept = tuple(item for item in ranked if item.coverage >= floor) if named or best >= ANSWER_FLOOR else ()
    everything = any(_says_all(reading, item) for item in kept)
    missing = tuple(
        concept.text
        for place, concept in enumerate(reading.concepts)
        if not any(item.covered[place] >= SAID for item in kept[:10])
    )
    unknown = tuple(code.shown for code in reading.codes if code.match is CodeMatch.UNKNOWN)
    return Found(reading, kept, relaxed=bool(kept) and not everything, missing=unknown + missing, by_sound=by_sound)


def _says_all(reading: Reading, item: Ranked) -> bool:
    return all(value >= SAID for value in item.covered) and (not reading.codes or item.code > 0)
