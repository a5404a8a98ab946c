"""Compile a parsed query into an engine expression that finds every candidate and keeps the best."""

from __future__ import annotations

from collections.abc import Sequence

from portal.search.analysis import is_prefix, pinyin_tokens
from portal.search.engine import expressions as ex
from portal.search.indexing.documents import CATEGORY, CODE_EXACT, CODE_FOLDED, CODE_MENTIONED, EQUIPMENT, PINYIN, TEXT
from portal.search.query.concepts import Alternative, CodeMatch, CodeReading, Concept, Reading
from portal.search.query.pinyin import SOUND_WEIGHT

#: A known code outweighs any sum of words: BM25 of one rare word is about 9 at ten thousand documents.
CODE_SCORE = 60.0
SIMILAR_CODE_SCORE = MENTIONED_CODE_SCORE = 25.0
EQUIPMENT_SCORE = 4.0
CATEGORY_SCORE = 1.5
#: Pairs of characters across the borders of concepts: they tell a phrase from its scattered words.
ACROSS_BOOST = 0.3
SOUND_BOOST = 0.7


def expression_of(reading: Reading, sounds: Sequence[Alternative | None] = ()) -> ex.Expression:
    """Return what the engine is asked for a reading.

    Args:
        reading: codes and concepts.
        sounds: for every concept what to listen for beside its words, if anything (a second, wider question).
    """
    children: list[ex.Expression] = [_code(code) for code in reading.codes]
    for place, concept in enumerate(reading.concepts):
        # A lone character is looked up by its prefix, which is dear, and says little beside anything else.
        if concept.is_lone and len(reading.concepts) + len(reading.codes) > 1:
            continue
        children.extend(_concept(concept, sounds[place] if sounds else None))
    spoken = {token for concept in reading.concepts for way in concept.alternatives for token in way.tokens}
    across = [token for token in reading.tokens if len(token) > 1 and token not in spoken]
    if across:
        children.append(ex.Terms(TEXT, across, boost=ACROSS_BOOST))
    return ex.Any(children)


def _code(code: CodeReading) -> ex.Expression:
    if code.match is CodeMatch.MENTIONED:
        return ex.Constant(ex.Values(CODE_MENTIONED, [code.key.lower()]), MENTIONED_CODE_SCORE)
    return ex.Best(
        [
            ex.Constant(ex.Values(CODE_EXACT, [code.key]), CODE_SCORE),
            ex.Constant(ex.Values(CODE_FOLDED, list(code.folded)), SIMILAR_CODE_SCORE),
        ]
    )


def _concept(concept: Concept, sound: Alternative | None) -> list[ex.Expression]:
    ways = [_way(way) for way in concept.alternatives if way.tokens]
    if sound is not None:
        ways.append(_way(sound))
    asked: list[ex.Expression] = [ex.Best(ways, tie=0.1)] if len(ways) > 1 else ways
    if concept.equipment:
        asked.append(ex.Constant(ex.Values(EQUIPMENT, sorted(concept.equipment)), EQUIPMENT_SCORE))
    if categories := concept.categories | concept.siblings:
        asked.append(ex.Constant(ex.Values(CATEGORY, sorted(categories)), CATEGORY_SCORE))
    return asked


def _way(way: Alternative) -> ex.Expression:
    if way.by_sound:
        return ex.Terms(PINYIN, way.tokens, boost=way.weight * SOUND_BOOST)
    if len(way.tokens) == 1 and is_prefix(way.tokens[0]):
        return ex.Prefix(TEXT, way.tokens[0], boost=way.weight)
    return ex.Terms(TEXT, way.tokens, boost=way.weight)


def sound_of_concept(concept: Concept) -> Alternative | None:
    """Return the sound of a Chinese concept of two or more characters."""
    tokens = tuple(dict.fromkeys(pinyin_tokens(concept.text)))
    return Alternative("", tokens, SOUND_WEIGHT, by_sound=True) if tokens and len(concept.text) > 1 else None
