"""Segment a Chinese run into known terms, ignored words and the pieces between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from portal.search import analysis
from portal.search.analysis.phonetic import fold_syllable, initial_of
from portal.search.indexing.documents import TEXT
from portal.search.query.language import ADJECTIVES, DEGREES, EDGE_PARTICLES, FILLERS, NEGATIONS, NO_NAME
from portal.search.query.lexicon import Entry, Lexicon
from portal.search.query.matching import WEAK_CHARACTERS
from portal.search.query.trade_words import TRADE_WORDS
from portal.search.query.vocabulary import Vocabulary

#: Words left out of a query: function words, and who and where in this trade.
IGNORED = FILLERS | TRADE_WORDS.people_and_places
#: No name of a machine holds these; what they deny is no part of it either.
NOT_IN_NAMES = NO_NAME | NEGATIONS
LONGEST_WORD = max(map(len, IGNORED | TRADE_WORDS.ordinary_machines))
#: Characters between the two halves of a word that was drawn apart (结了老厚一层冰).
MAX_GAP = 6
#: Characters before the head of a machine's name; the usual number, and the most where no known word ends before.
USUAL_STEM, LONGEST_STEM = 3, 6
#: Characters a name must have for one of them to be wrong.
MIN_MISSPELT = 3
#: A loose piece up to this length is one thing.
SHORT = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a run.

    Args:
        text: as typed.
        entry: the term it is; None for a loose piece.
        is_filler: whether it only asks, is polite or says when and where.
        is_machine: whether it is the ordinary name of a machine that the lexicon does not know.
    """

    text: str
    entry: Entry | None = None
    is_filler: bool = False
    is_machine: bool = False


def cut(run: str, lexicon: Lexicon) -> list[Piece]:
    """Cut a run at the longest known terms, ordinary machines and fillers; of the same length in this order."""
    pieces: list[Piece] = []
    loose, position = "", 0
    while position < len(run):
        piece = _known_at(run, position, lexicon)
        if piece is None:
            loose += run[position]
            position += 1
            continue
        if loose:
            pieces.append(Piece(loose))
            loose = ""
        pieces.append(piece)
        position += len(piece.text)
    if loose:
        pieces.append(Piece(loose))
    return pieces


def _known_at(run: str, position: int, lexicon: Lexicon) -> Piece | None:
    for length in range(min(max(lexicon.longest, LONGEST_WORD), len(run) - position), 1, -1):
        text = run[position : position + length]
        entry = lexicon.get(text)
        if entry is None and text[-1] in ADJECTIVES:
            entry = _without_degree(text, lexicon)
        if entry is not None:
            return Piece(text, entry)
        if text in TRADE_WORDS.ordinary_machines:
            return Piece(text, is_machine=True)
        if text in IGNORED:
            return Piece(text, is_filler=True)
    return None


def _without_degree(text: str, lexicon: Lexicon) -> Entry | None:
    """Return the term that is said with more or less force: 水位过高 and 水位特别高 are 水位高."""
    said = text[:-1]
    for degree in DEGREES:
        if said.endswith(degree) and len(said) > len(degree):
            entry = lexicon.get(said.removesuffix(degree) + text[-1])
            return None if entry is None or entry.is_equipment else entry
    return None


def drawn_apart(piece: str, lexicon: Lexicon) -> Entry | None:
    """Return a verb and its object that are one known word with something between them (结了老厚一层冰)."""
    for start, first in enumerate(piece):
        if first in WEAK_CHARACTERS or first in NEGATIONS:
            continue
        for second in piece[start + 2 : start + 2 + MAX_GAP]:
            entry = lexicon.get(first + second) if second not in WEAK_CHARACTERS else None
            if entry is not None and not entry.is_equipment:
                return entry
    return None


def machine_in(piece: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[int, int, list[Entry]] | None:
    """Return where a loose piece names a machine under a name that is not known, and the machines it may be.

    A compound of a known head is that machine (电开水炉); with nothing in common it is one the portal does not have
    (微波炉), and the list is empty.
    """
    for place, head in enumerate(piece):
        if head not in TRADE_WORDS.machine_heads and piece[place - 1 : place + 1] not in TRADE_WORDS.machine_endings:
            continue
        if piece[place + 1 : place + 2] == "子":
            continue
        start = _start_of_name(piece, place, vocabulary)
        name = piece[start : place + 1]
        if len(name) > 1 and name[-2] not in TRADE_WORDS.verbs_before and _is_unknown_name(name, vocabulary):
            return start, place + 1, _machines_like(name, lexicon)
    return None


def _start_of_name(piece: str, head: int, vocabulary: Vocabulary) -> int:
    """Return where the name that ends with a head begins: never in the middle of a word that stands in a text."""

    def is_word(start: int) -> bool:
        return start >= 0 and vocabulary.frequency(TEXT, piece[start : start + 2]) > 0

    start = head
    while start > max(0, head - LONGEST_STEM) and piece[start - 1] not in NOT_IN_NAMES:
        start -= 1
    if start and head - start > 1 and is_word(start - 1):
        # What stops the name is a part of a word (举升无力|吊具车).
        start += 1
    while head - start > USUAL_STEM and is_word(start) and not is_word(start + 1):
        # A word of the texts before the name is what is told of it.
        start += 2
    return start


def misspelt(name: str, lexicon: Lexicon) -> Entry | None:
    """Return the machine that is meant where one character of its name is another of nearly the same sound (蒸法柜);
    洗衣机 is no 洗碗机, and 电磁炉 no 电茶炉.
    """
    for length in range(len(name), MIN_MISSPELT - 1, -1):
        typed = name[-length:]
        for entry in lexicon.machines_with(typed[-1]):
            if len(entry.term) != length:
                continue
            other = [(a, b) for a, b in zip(typed, entry.term, strict=True) if a != b]
            if len(other) == 1 and _sound_alike(*other[0]):
                return entry
    return None


def _sound_alike(first: str, second: str) -> bool:
    """Whether two characters sound the same but for the end of the vowel (饭, 法)."""
    syllables = [fold_syllable("".join(analysis.syllables(character))) for character in (first, second)]
    short, long = sorted(syllables, key=len)
    return bool(short) and initial_of(first) == initial_of(second) and long.startswith(short)


def machine_like(name: str, lexicon: Lexicon) -> list[Entry]:
    """Return the machines an ordinary name may stand for: those whose name holds it or is held by it, or is the same
    but for a head of the same kind (电磁炉, 电磁灶).
    """
    found: dict[str, Entry] = {}
    for left, right in pairwise(name):
        for entry in lexicon.machines_with(left + right):
            term = entry.term
            is_variant = len(term) == len(name) > 2 and term[:-1] == name[:-1] and _are_of_a_kind(term[-1], name[-1])
            if name in term or (len(term) > 2 and term in name) or is_variant:
                found[term] = entry
    return list(found.values())


def is_written(name: str, vocabulary: Vocabulary) -> bool:
    """Whether texts write every pair of a name."""
    return all(vocabulary.frequency(TEXT, left + right) for left, right in pairwise(name))


def _is_unknown_name(name: str, vocabulary: Vocabulary) -> bool:
    """Whether no text writes this name: its last pair is in none, or the one before it is and the last is no word."""
    if not vocabulary.frequency(TEXT, name[-2:]):
        return True
    return len(name) > 2 and name[-2:] not in TRADE_WORDS.machine_words and not vocabulary.frequency(TEXT, name[-3:-1])


def _machines_like(name: str, lexicon: Lexicon) -> list[Entry]:
    shared: dict[str, tuple[int, Entry]] = {}
    for left, right in pairwise(name):
        for entry in lexicon.machines_with(left + right):
            if _are_of_a_kind(name[-1], entry.term[-1]):
                shared[entry.term] = (shared.get(entry.term, (0, entry))[0] + 1, entry)
    if not shared:
        ending = lexicon.machines_with(name[-1])
        categories = {category for entry in ending for category in entry.within}
        return ending if len(categories) == 1 else []
    most = max(count for count, _ in shared.values())
    return [entry for count, entry in shared.values() if count == most]


def _are_of_a_kind(head: str, other: str) -> bool:
    return head == other or any(head in kind and other in kind for kind in TRADE_WORDS.machine_kinds)


def stretches(piece: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Cut a loose piece at the pairs that stand in no text, and at particles."""
    if len(piece) <= SHORT:
        yield piece
        return
    current, unknown = piece[0], ""
    for left, right in pairwise(piece):
        if left not in WEAK_CHARACTERS and right not in WEAK_CHARACTERS and vocabulary.frequency(TEXT, left + right):
            current += right
            continue
        if len(current) > 1:
            if unknown:
                yield unknown
            unknown = ""
            yield current
        else:
            unknown += current
        current = right
    if len(current) > 1:
        if unknown:
            yield unknown
        yield current
    elif unknown + current:
        yield unknown + current


def without_edges(text: str) -> str:
    """Return a loose piece without the particles at its edges."""
    return text.strip(EDGE_PARTICLES)
