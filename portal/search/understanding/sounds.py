"""Pinyin typed in Latin letters: whole syllables, initials, and spellings with a slip."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from portal.search import analysis
from portal.search.analysis.phonetic import fold_syllable, split_syllables
from portal.search.documents import PINYIN

from .concepts import Alternative, Concept, ConceptKind
from .lexicon import Entry, Lexicon

if TYPE_CHECKING:
    from .reading import Vocabulary

MAX_SYLLABLES = 8
SOUND_WEIGHT = 0.8
#: Letters that may be initials of terms; how sure that is; how many readings are kept.
MIN_INITIALS, MAX_INITIALS = 2, 12
INITIALS_WEIGHT = 0.9
MAX_MERGED = 12
#: What a reading of pinyin costs, the cheapest one is taken: a known term, a syllable of no term that stands behind the
#: one before it in some document, any other syllable.
TERM_COST, HEARD_COST, LOOSE_COST = 0.1, 0.3, 1.0
#: A term spelled with a slip; letters that are looked through for one, and those of the longest term.
SLIP_COST = 1.2
MAX_SLIPPED = 40
LONGEST_SPELLED = 24

Heard = Concept | Entry


def read_pinyin(text: str, lexicon: Lexicon, vocabulary: Vocabulary) -> list[Heard]:
    """Read Latin letters as pinyin: known terms by their sound, the rest as sounds to look for.

    Of all ways to cut it the one is taken that leaves the fewest syllables that nobody wrote (jinshui chaoshi is 进水
    超时 and not 水槽 with something around it). Returns nothing when the text is not pinyin throughout.
    """
    syllables = list(split_syllables(text.replace("'", " ")))
    if len(syllables) < 2:
        return []
    folded = [fold_syllable(syllable) for syllable in syllables]
    heard: list[Heard] = []
    for start, end, entry in _cheapest(folded, lexicon, vocabulary):
        heard.append(entry if entry is not None else _sound(syllables[start:end]))
    return heard


def _cheapest(folded: list[str], lexicon: Lexicon, vocabulary: Vocabulary) -> list[tuple[int, int, Entry | None]]:
    """Return the stretches of the cheapest way to cut: `best[i]` is the cost and the cuts of the first i syllables."""
    best: list[tuple[float, list[tuple[int, int, Entry | None]]]] = [(0.0, [])]
    for end in range(1, len(folded) + 1):
        ways = [_with_loose(best[end - 1], end, folded, vocabulary)]
        for start in range(max(0, end - MAX_SYLLABLES), end - 1):
            terms = lexicon.likeness.sounding_like(" ".join(folded[start:end]))
            if terms:
                cost, cuts = best[start]
                ways.append((cost + TERM_COST, [*cuts, (start, end, _most_telling(lexicon.entries(terms)))]))
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _with_loose(
    before: tuple[float, list[tuple[int, int, Entry | None]]], end: int, folded: list[str], vocabulary: Vocabulary
) -> tuple[float, list[tuple[int, int, Entry | None]]]:
    cost, cuts = before
    if cuts and cuts[-1][2] is None:
        heard = vocabulary.frequency(PINYIN, folded[end - 2] + folded[end - 1])
        return cost + (HEARD_COST if heard else LOOSE_COST), [*cuts[:-1], (cuts[-1][0], end, None)]
    return cost + LOOSE_COST, [*cuts, (end - 1, end, None)]


def is_pinyin(word: str) -> bool:
    """Whether a Latin word is pinyin throughout, and not written in capitals as codes are."""
    plain = word.replace("'", "")
    return plain.isalpha() and (len(plain) < 2 or not plain[1:].isupper()) and bool(split_syllables(plain.lower()))


def read_slipped(words: list[str], lexicon: Lexicon) -> list[Heard]:
    """Read letters that are no pinyin as terms some of which are spelled with one slip each (bingui jieshaung).

    Nothing unless every letter belongs to a term; at most one slip a word that was typed.
    """
    letters = "".join(words)
    if len(letters) > MAX_SLIPPED or not (letters.isalpha() and letters.isascii() and letters.islower()):
        return []
    likeness = lexicon.likeness

    @cache
    def rest(start: int, slips: int) -> tuple[float, tuple[str, ...]] | None:
        if start == len(letters):
            return 0.0, ()
        ways = []
        for end in range(start + 2, min(len(letters), start + LONGEST_SPELLED) + 1):
            piece = letters[start:end]
            terms, cost, left = likeness.spelled(piece), TERM_COST, slips
            if not terms and slips:
                terms, cost, left = likeness.nearly_spelled(piece), SLIP_COST, slips - 1
            after = rest(end, left) if terms else None
            if after is not None:
                ways.append((cost + after[0], (_most_telling(lexicon.entries(terms)).term, *after[1])))
        return min(ways, key=lambda way: way[0], default=None)

    found = rest(0, len(words))
    return [*lexicon.entries(found[1])] if found else []


def read_initials(words: list[str], lexicon: Lexicon) -> list[Concept]:
    """Read words as the initials of known terms (`xwj bps`); nothing unless every letter belongs to one."""
    heard: list[Concept] = []
    for word in words:
        found = _initials_of(word, lexicon) if word.isalpha() and word.islower() else []
        if not found:
            return []
        heard.extend(found)
    return heard


def _initials_of(word: str, lexicon: Lexicon) -> list[Concept]:
    if not MIN_INITIALS <= len(word) <= MAX_INITIALS:
        return []
    for length in range(min(len(word), MAX_SYLLABLES), 1, -1):
        entries = lexicon.entries(lexicon.likeness.with_initials(word[:length]))
        rest = _initials_of(word[length:], lexicon) if entries and length < len(word) else []
        if entries and (rest or length == len(word)):
            return [_merged(word[:length], entries), *rest]
    return []


def _merged(initials: str, entries: list[Entry]) -> Concept:
    """Everything that may be meant by the same initials: machines before the rest."""
    meant = [entry for entry in entries if entry.is_equipment] or entries
    ways = dict.fromkeys(term for entry in meant for term in (entry.term, *entry.alternatives))
    return Concept(
        text=initials,
        kind=ConceptKind.EQUIPMENT if meant[0].is_equipment else ConceptKind.SYMPTOM,
        alternatives=tuple(
            Alternative(way, tuple(analysis.query_tokens(way)), INITIALS_WEIGHT) for way in list(ways)[:MAX_MERGED]
        ),
        equipment=frozenset().union(*(entry.equipment for entry in meant)),
        categories=frozenset().union(*(entry.categories for entry in meant)),
        siblings=frozenset().union(*(entry.siblings for entry in meant)),
    )


def sound_tokens(syllables: list[str]) -> tuple[str, ...]:
    """Return the pinyin-field tokens of neighbouring syllables."""
    folded = [fold_syllable(syllable) for syllable in syllables]
    return tuple(dict.fromkeys(left + right for left, right in pairwise(folded))) if len(folded) > 1 else tuple(folded)


def _most_telling(entries: list[Entry]) -> Entry:
    return max(entries, key=lambda entry: (entry.is_equipment, len(entry.alternatives)))


def _sound(syllables: list[str]) -> Concept:
    text = " ".join(syllables)
    return Concept(
        text,
        ConceptKind.SOUND,
        (Alternative("", sound_tokens(syllables), 1.0, by_sound=True),),
    )
