"""A reading as an expression for the engine: wide enough to find every candidate, ordered well enough to keep the
best.
"""

from __future__ import annotations

from portal.search.analysis import is_prefix, pinyin_tokens
from portal.search.documents import (
    CATEGORY,
    CODE_EXACT,
    CODE_FOLDED,
    EQUIPMENT,
    PINYIN,
    TEXT,
)
from portal.search.engine import expressions as ex

from .concepts import Alternative, CodeReading, Concept, Reading
from .saying import WEAK_ALONE
from .sounds import SOUND_WEIGHT

#: A known code outweighs any sum of words: BM25 of one rare word is about 9 at ten thousand documents.
CODE_SCORE = 60.0
SIMILAR_CODE_SCORE = 25.0
EQUIPMENT_SCORE = 4.0
CATEGORY_SCORE = 1.5
#: Pairs of characters across the borders of concepts: they tell a phrase from its scattered words.
GLUE_BOOST = 0.3
SOUND_BOOST = 0.7
#: Characters asked for one by one: fewer say nothing, each costs a range of terms.
MIN_CHARACTERS, MAX_CHARACTERS = 4, 8


def expression_of(reading: Reading, *, by_sound: bool = False) -> ex.Expression:
    """Return what the engine is asked for a reading.

    Args:
        reading: codes and concepts.
        by_sound: also look for what sounds like the concepts (a second, wider question).
    """
    children: list[ex.Expression] = [_code(code) for code in reading.codes]
    for concept in reading.concepts:
        children.extend(_concept(concept, by_sound=by_sound))
    glue = [token for token in reading.tokens if len(token) > 1]
    spoken = {token for concept in reading.concepts for way in concept.alternatives for token in way.tokens}
    glue = [token for token in glue if token not in spoken]
    if glue:
        children.append(ex.Terms(TEXT, glue, boost=GLUE_BOOST))
    return ex.Any(children)


def characters_of(reading: Reading) -> ex.Expression | None:
    """Return a question for the telling characters of the Chinese concepts, whatever stands around them; the last
    resort.
    """
    text = "".join(concept.text for concept in reading.concepts)
    found = [c for c in dict.fromkeys(text) if is_prefix(c) and c not in WEAK_ALONE]
    if len(found) < MIN_CHARACTERS:
        return None
    return ex.Any([ex.Prefix(TEXT, character) for character in found[:MAX_CHARACTERS]])


def _code(code: CodeReading) -> ex.Expression:
    return ex.Best(
        [
            ex.Constant(ex.Values(CODE_EXACT, [code.key]), CODE_SCORE),
            ex.Constant(ex.Values(CODE_FOLDED, list(code.folded)), SIMILAR_CODE_SCORE),
        ]
    )


def _concept(concept: Concept, *, by_sound: bool) -> list[ex.Expression]:
    ways = [_way(way) for way in concept.alternatives if way.tokens]
    if by_sound:
        sound = sound_of_concept(concept)
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
