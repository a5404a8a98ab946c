"""Recognise pinyin in Latin runs: syllables, one typing error, initials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from portal.search import analysis
from portal.search.analysis.phonetic import MAX_SYLLABLE, fold_syllable, near_syllables, split_syllables
from portal.search.indexing.documents import PINYIN
from portal.search.query.concepts import Alternative, Concept, ConceptKind
from portal.search.query.lexicon import Entry, Lexicon
from portal.search.query.vocabulary import Vocabulary

MAX_SYLLABLES = 8
SOUND_WEIGHT = 0.8
#: Letters that may be initials of terms; how sure that is; how many readings are kept.
MIN_INITIALS, MAX_INITIALS = 2, 12
INITIALS_WEIGHT = 0.9
MAX_MERGED = 12
#: What a reading of pinyin costs, the cheapest one is taken: a known term, a syllable of no term that stands beside its
#: neighbour in some document, any other syllable.
TERM_COST, HEARD_COST, LOOSE_COST = 0.1, 0.3, 1.0
#: A slip is believed where the reading without it costs at most this much a syllable, and so much less than as typed.
SLIP_AT_MOST, SLIP_GAIN = 0.45, 0.5
#: Letters among which a slip is looked for (in fewer, anything is one slip away), and ways to put it right that are
#: tried.
MIN_SLIPPED, MAX_SLIPPED, MAX_REPAIRS = 6, 40, 300

Heard = Concept | Entry


@dataclass(frozen=True, slots=True)
class Spoken:
    """Syllables cut into known terms and sounds between them: stretches of start, end and the term, if any."""

    syllables: tuple[str, ...] = ()
    cost: float = 0.0
    cuts: tuple[tuple[int, int, Entry | None], ...] = ()
    #: Syllables that stand beside each other in no document.
    unheard: int = 0

    def heard(self) -> list[Heard]:
        """Return the terms, and sounds to look for."""
        return [entry if entry is not None else _sound(self.syllables[start:end]) for start, end, entry in self.cuts]


def read_pinyin(words: list[str], lexicon: Lexicon, vocabulary: Vocabulary) -> list[Heard]:
    """Read Latin letters as pinyin: known terms by their sound, the rest as sounds to look for.

    Of all ways to cut it the one is taken that leaves the fewest syllables that nobody wrote (jinshui chaoshi is 进水
    超时 and not 水槽 with something around it), with one slip of the finger put right where that explains much more
    (bingui jieshaung). Returns nothing when the words are not pinyin.
    """
    typed = " ".join(words).replace("'", " ").lower()
    if not typed.replace(" ", "").isalpha() or not typed.isascii():
        return []
    syllables = split_syllables(typed)
    as_typed = spoken(syllables, lexicon, vocabulary) if len(syllables) > 1 else None
    if as_typed is not None and not as_typed.unheard:
        return as_typed.heard()
    ways = [spoken(repaired, lexicon, vocabulary) for repaired in islice(_repairs(typed.split()), MAX_REPAIRS)]
    best = min(ways, key=lambda way: way.cost, default=None)
    is_likely = best is not None and best.cost <= SLIP_AT_MOST * len(best.syllables)
    if best is not None and is_likely and (as_typed is None or best.cost + SLIP_GAIN <= as_typed.cost):
        return best.heard()
    return as_typed.heard() if as_typed is not None else []


def spoken(syllables: tuple[str, ...], lexicon: Lexicon, vocabulary: Vocabulary) -> Spoken:
    """Return the cheapest way to cut syllables."""
    folded = [fold_syllable(syllable) for syllable in syllables]
    best = [Spoken()]
    for end in range(1, len(folded) + 1):
        ways = [_with_loose(best[end - 1], folded[:end], vocabulary)]
        for start in range(max(0, end - MAX_SYLLABLES), end - 1):
            terms = lexicon.likeness.sounding_like(" ".join(folded[start:end]))
            if terms:
                term = (start, end, _most_telling(lexicon.entries(terms)))
                before = best[start]
                ways.append(Spoken((), before.cost + TERM_COST, (*before.cuts, term), before.unheard))
        best.append(min(ways, key=lambda way: way.cost))
    return replace(best[-1], syllables=syllables)


def _with_loose(before: Spoken, folded: list[str], vocabulary: Vocabulary) -> Spoken:
    """Return a reading with one more syllable of no term."""
    end = len(folded)
    if not before.cuts or before.cuts[-1][2] is not None:
        return Spoken((), before.cost + LOOSE_COST, (*before.cuts, (end - 1, end, None)), before.unheard)
    start = before.cuts[-1][0]
    cuts = (*before.cuts[:-1], (start, end, None))
    if not vocabulary.frequency(PINYIN, folded[-2] + folded[-1]):
        return Spoken((), before.cost + LOOSE_COST, cuts, before.unheard + 1)
    # The first one of a pair that is heard is heard, too.
    first = LOOSE_COST - HEARD_COST if end - start == 2 else 0.0
    return Spoken((), before.cost + HEARD_COST - first, cuts, before.unheard)


def _repairs(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the words as syllables with one slip put right: in the one word that is no pinyin, else in any."""
    if not MIN_SLIPPED <= sum(map(len, words)) <= MAX_SLIPPED:
        return
    read = [split_syllables(word) for word in words]
    wrong = [place for place, syllables in enumerate(read) if not syllables]
    if len(wrong) > 1:
        return
    for place in wrong or range(len(words)):
        before, after = sum(read[:place], ()), sum(read[place + 1 :], ())
        for repaired in _word_repairs(words[place]):
            if len(before) + len(repaired) + len(after) > 1:
                yield (*before, *repaired, *after)


def _word_repairs(word: str) -> Iterator[tuple[str, ...]]:
    for start in range(len(word)):
        before = split_syllables(word[:start])
        if start and not before:
            continue
        for end in range(start + 1, min(len(word), start + MAX_SYLLABLE + 1) + 1):
            after = split_syllables(word[end:])
            if after or end == len(word):
                yield from ((*before, syllable, *after) for syllable in near_syllables(word[start:end]))


def is_pinyin(word: str) -> bool:
    """Whether a Latin word is pinyin throughout, and not written in capitals as codes are."""
    plain = word.replace("'", "")
    return plain.isalpha() and (len(plain) < 2 or not plain[1:].isupper()) and bool(split_syllables(plain.lower()))


def read_initials(words: list[str], lexicon: Lexicon, vocabulary: Vocabulary) -> list[Concept]:
    """Read words as initials of known terms (`xwj bps`) and of phrases of documents; nothing unless every letter
    belongs to one.
    """
    heard: list[Concept] = []
    for word in words:
        found = _initials_of(word, lexicon, vocabulary) if word.isalpha() and word.islower() else []
        if not found:
            return []
        heard.extend(found)
    return heard


def _initials_of(word: str, lexicon: Lexicon, vocabulary: Vocabulary) -> list[Concept]:
    if not MIN_INITIALS <= len(word) <= MAX_INITIALS:
        return []
    for length in range(min(len(word), MAX_SYLLABLES), 1, -1):
        entries = lexicon.entries(lexicon.likeness.with_initials(word[:length]))
        rest = _initials_of(word[length:], lexicon, vocabulary) if entries and length < len(word) else []
        if entries and (rest or length == len(word)):
            return [_merged(word[:length], entries), *rest]
    token = analysis.letters_token(word)
    if vocabulary.frequency(PINYIN, token):
        return [Concept(word, ConceptKind.SOUND, (Alternative("", (token,), 1.0, by_sound=True),))]
    return []


def _merged(initials: str, entries: list[Entry]) -> Concept:
    """Everything that may be meant by the same initials; a machine is named only where nothing else may be."""
    meant = sorted(entries, key=lambda entry: not entry.is_equipment)
    ways = dict.fromkeys(term for entry in meant for term in (entry.term, *entry.alternatives))
    return Concept(
        text=initials,
        kind=ConceptKind.EQUIPMENT if meant[-1].is_equipment else ConceptKind.SYMPTOM,
        alternatives=tuple(
            Alternative(way, tuple(analysis.query_tokens(way)), INITIALS_WEIGHT) for way in list(ways)[:MAX_MERGED]
        ),
        equipment=frozenset().union(*(entry.equipment for entry in meant)),
        categories=frozenset().union(*(entry.categories for entry in meant)),
        siblings=frozenset().union(*(entry.siblings for entry in meant)),
    )


def sound_tokens(syllables: Sequence[str]) -> tuple[str, ...]:
    """Return the pinyin-field tokens of neighbouring syllables."""
    folded = [fold_syllable(syllable) for syllable in syllables]
    return tuple(dict.fromkeys(left + right for left, right in pairwise(folded))) if len(folded) > 1 else tuple(folded)


def _most_telling(entries: list[Entry]) -> Entry:
    return max(entries, key=lambda entry: (entry.is_equipment, len(entry.alternatives)))


def _sound(syllables: Sequence[str]) -> Concept:
    text = " ".join(syllables)
    return Concept(
        text,
        ConceptKind.SOUND,
        (Alternative("", sound_tokens(syllables), 1.0, by_sound=True),),
    )
