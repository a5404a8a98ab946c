"""Indexes of lexicon terms by sound, initials and shape, for queries with wrong characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from portal.search import analysis
from portal.search.analysis.phonetic import common_sound, fold_syllable


class Likeness:
    """Indexes over the Chinese terms of a lexicon.

    Args:
        terms: every term, and whether it names equipment.
    """

    def __init__(self, terms: Mapping[str, bool]) -> None:
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        self._with_gap: dict[str, list[str]] = defaultdict(list)
        self._machines: dict[str, list[str]] = defaultdict(list)
        for term, is_equipment in terms.items():
            if len(term) > 1 and not term.isascii():
                self._add(term)
                if is_equipment:
                    for pair in {term[place : place + 2] for place in range(len(term) - 1)} | {term[-1]}:
                        self._machines[pair].append(term)

    def _add(self, term: str) -> None:
        syllables = analysis.syllables(term)
        for sound in {" ".join(map(fold_syllable, syllables)), " ".join(common_sound(term))} - {""}:
            self._by_sound[sound].append(term)
        self._by_initials["".join(syllable[0] for syllable in syllables)].append(term)
        for gap in gaps(term):
            self._with_gap[gap].append(term)

    def sounding_like(self, sound: str) -> list[str]:
        """Return the terms pronounced like `sound` (folded syllables with spaces between)."""
        return self._by_sound.get(sound, [])

    def with_initials(self, initials: str) -> list[str]:
        """Return the terms whose syllables begin with these letters (`xwj`)."""
        return self._by_initials.get(initials, [])

    def looking_like(self, text: str) -> list[str]:
        """Return the terms that differ from `text` in one character that looks like the one typed."""
        near = dict.fromkeys(term for gap in gaps(text) for term in self._with_gap.get(gap, ()))
        return [term for term in near if _is_misread(term, text)]

    def machines_with(self, piece: str) -> list[str]:
        """Return the equipment terms that hold a pair of characters, or that end with a single one."""
        return self._machines.get(piece, [])


def gaps(text: str) -> Iterable[str]:
    """Yield a text with each of its characters left open in turn."""
    return (f"{text[:place]}?{text[place + 1 :]}" for place in range(len(text)))


def _is_misread(term: str, text: str) -> bool:
    wrong = [(a, b) for a, b in zip(term, text, strict=True) if a != b]
    return len(wrong) == 1 and analysis.look_alike(*wrong[0])
