"""Retrieve and rank candidates: parse the query, ask the engine, ask again by sound where words fall short.

No request, no permission and no screen here: the relevance bench measures exactly this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from portal.search.engine import Engine, EngineQuery, Hit
from portal.search.engine.expressions import Expression
from portal.search.indexing.documents import TEXT
from portal.search.query.concepts import Alternative, CodeMatch, Concept, ConceptKind, Reading
from portal.search.query.dangers import Danger, danger_first, dangers_in
from portal.search.query.expression import expression_of, sound_of_concept
from portal.search.query.lexicon import Lexicon
from portal.search.query.parser import read
from portal.search.query.partial import parts_of
from portal.search.query.ranking import Ranked, Ranker, rarity_of, telling_of
from portal.search.query.relevance import Elsewhere, judge

#: Candidates the engine is asked for; what is not among its best hundred is no answer, and nobody reads further.
CANDIDATES = 100
#: Parts of one file or manual among the results: a title that fits would else bring all its pages.
MAX_PARTS = 3
#: Below this the query is also asked by its sound.
SOUND_BELOW = 0.72
#: And by this the best one must answer more of it then.
SOUND_GAIN = 0.05


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


class VisibleIndex:
    """An engine as one reader sees it: what they may not open is not known, and so gives nothing away.

    Frequencies are remembered for the length of one search.

    Args:
        engine: the index of documents.
        visible: keyword field → values of what the reader may open.
    """

    def __init__(self, engine: Engine, visible: Mapping[str, Collection[str]]) -> None:
        self.engine = engine
        self.visible = visible
        self._seen: dict[tuple[str, str], int] = {}

    @cached_property
    def count(self) -> int:
        """The number of documents."""
        return self.engine.count(self.visible)

    def frequency(self, field: str, token: str) -> int:
        """Return the number of documents holding `token` in `field`."""
        key = (field, token)
        if key not in self._seen:
            self._seen[key] = self.engine.frequency(field, token, self.visible)
        return self._seen[key]

    def is_known(self, token: str) -> bool:
        """Return whether a token of the flat field stands in any document; a lone character may begin one."""
        return len(token) == 1 or self.frequency(TEXT, token) > 0

    def best(self, expression: Expression, narrowed: Mapping[str, Collection[str]] | None = None) -> list[Hit]:
        """Return the engine's best candidates; where more match, also the best of those the reader narrowed to."""
        hits = self._ask(expression, self.visible)
        if narrowed and len(hits) >= CANDIDATES:
            keys = {hit.key for hit in hits}
            inside = self._ask(expression, {**self.visible, **narrowed})
            hits.extend(hit for hit in inside if hit.key not in keys)
        return hits

    def _ask(self, expression: Expression, filters: Mapping[str, Collection[str]]) -> list[Hit]:
        return self.engine.search(EngineQuery(expression, filters=filters, limit=CANDIDATES)).hits

    def rarity(self, token: str) -> float:
        """Return how telling a token of the flat field is."""
        return rarity_of(self.frequency(TEXT, token), self.count)

    def telling(self, token: str) -> float:
        """Return how telling a token of the flat field is, from 0 to 1."""
        return telling_of(self.frequency(TEXT, token), max(self.count, 1))


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
    index = VisibleIndex(engine, filters)
    reading = read(query, lexicon, index)
    found = _found(reading, index, kind_weight, narrowed)
    dangers = dangers_in(reading.query)
    if dangers and not reading.codes:

        def ask(text: str) -> Found:
            return _found(read(text, lexicon, index), index, kind_weight, narrowed)

        return _danger_first(found, dangers, ask)
    if found.ranked or reading.is_empty:
        return found
    for part in parts_of(reading.query):
        partly = _found(read(part, lexicon, index), index, kind_weight, narrowed)
        if partly.ranked:
            return _as_part(partly, found)
    return found


def _found(
    reading: Reading,
    index: VisibleIndex,
    kind_weight: Callable[[str], float],
    narrowed: Mapping[str, Collection[str]] | None,
) -> Found:
    """Return what answers a reading."""
    if reading.is_empty:
        return Found(reading, ())
    if not reading.codes and not reading.concepts:
        return Found(reading, (), missing=reading.unknown_machines)
    ranked, by_sound = _candidates(reading, index, kind_weight, narrowed)
    verdict = judge(reading, ranked)
    return Found(
        reading,
        tuple(_few_of_each(verdict.kept)),
        relaxed=verdict.relaxed,
        missing=verdict.missing,
        by_sound=by_sound,
        elsewhere=verdict.elsewhere,
    )


def _danger_first(found: Found, dangers: Sequence[Danger], ask: Callable[[str], Found]) -> Found:
    """Lead with the articles on the danger; look them up by its own name where the words of the query do not find them
    and no machine says which of them is meant.
    """
    if not any(danger.is_about(item) for danger in dangers for item in found.ranked):
        known = {item.hit.key for item in found.ranked}
        for danger in dangers:
            about = next((item for item in ask(danger.article[0]).ranked if danger.is_about(item)), None)
            if about is not None and about.hit.key not in known:
                covered = (0.0,) * len(found.reading.concepts)
                found = replace(found, ranked=(replace(about, covered=covered), *found.ranked))
                break
    return replace(found, ranked=danger_first(found.ranked, dangers))


def _as_part(partly: Found, whole: Found) -> Found:
    """Return the answer to a part of a query as one to the whole of it: what the part leaves out is missing."""
    reading, asked = partly.reading, whole.reading
    said = {concept.text for concept in reading.concepts}
    unsaid = [concept.text for concept in asked.concepts if concept.text not in said and not concept.is_lone]
    codes = tuple(dict.fromkeys((*reading.codes, *asked.codes)))
    unknown_codes = [code.shown for code in asked.codes if code.match is CodeMatch.UNKNOWN]
    missing = (*asked.unknown_machines, *unknown_codes, *unsaid, *partly.missing)
    return replace(
        partly,
        reading=replace(reading, query=asked.query, codes=codes, unknown_machines=asked.unknown_machines),
        relaxed=True,
        missing=tuple(dict.fromkeys(missing)) or (asked.query,),
    )


def _candidates(
    reading: Reading,
    index: VisibleIndex,
    kind_weight: Callable[[str], float],
    narrowed: Mapping[str, Collection[str]] | None,
) -> tuple[list[Ranked], bool]:
    """Return the candidates in order, and whether they were found by their sound; asked so where words fall short."""

    def order(sounds: tuple[Alternative | None, ...] = ()) -> list[Ranked]:
        hits = index.best(expression_of(reading, sounds), narrowed)
        return Ranker(reading, index, kind_weight, sounds).order(hits)

    ranked = order()
    if not reading.concepts or (ranked and ranked[0].coverage >= SOUND_BELOW):
        return ranked, False
    sounds = tuple(_sound_of(concept, index) for concept in reading.concepts)
    wider = order(sounds) if any(sounds) else []
    if wider and (not ranked or wider[0].coverage > ranked[0].coverage + SOUND_GAIN):
        return wider, wider[0].by_sound
    return ranked, False


def _few_of_each(ranked: Iterable[Ranked]) -> Iterator[Ranked]:
    """Yield the best parts of each file or manual, and everything else."""
    parts: Counter[str] = Counter()
    for item in ranked:
        whole = str(item.hit.stored.get("url", "")).partition("#")[0] or item.hit.key
        parts[whole] += 1
        if parts[whole] <= MAX_PARTS:
            yield item


def _sound_of(concept: Concept, index: VisibleIndex) -> Alternative | None:
    """The sound of what is written in no text: a wrong character leaves pairs that nobody wrote."""
    typed = concept.alternatives[0]
    if concept.kind is ConceptKind.EQUIPMENT or typed.by_sound or all(map(index.is_known, typed.tokens)):
        return None
    return sound_of_concept(concept)
