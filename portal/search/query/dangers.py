"""Dangers to people that a query tells of: leaking gas, electric shock, fire (`starter/dangers.json`).

Who reports one needs to be told what to do at once, before any article, and the article on the danger before one on the
trouble of the machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.search import analysis
from portal.search.query.ranking import Ranked

DANGER_FILE = Path(__file__).parent / "starter" / "dangers.json"
#: The severity of articles on what may hurt somebody.
SEVERE = "danger"


@dataclass(frozen=True, slots=True)
class Danger:
    """What may hurt somebody.

    Args:
        code: names it; what to do at once is in `results.dangers`.
        words: any of them tells of it.
        first, then, apart: so does a word of `first` with one of `then` at most `apart` characters behind it.
        exceptions: phrases that hold such a word and tell of none (打不着火).
        article: words in the head of the articles on it; the first one is what they are looked up by.
    """

    code: str
    words: tuple[str, ...]
    first: tuple[str, ...]
    then: tuple[str, ...]
    apart: int
    exceptions: tuple[str, ...]
    article: tuple[str, ...]

    def is_told_of(self, query: str) -> bool:
        """Whether a folded query tells of it."""
        for phrase in self.exceptions:
            query = query.replace(phrase, " ")
        return any(word in query for word in self.words) or any(
            word in query[place + len(start) : place + len(start) + self.apart + len(word)]
            for start in self.first
            for place in _places(query, start)
            for word in self.then
        )

    def is_about(self, item: Ranked) -> bool:
        """Whether an article is on it."""
        head = analysis.fold(str(item.hit.stored.get("head", "")))
        return item.hit.stored.get("severity") == SEVERE and any(word in head for word in self.article)


def _places(text: str, word: str) -> list[int]:
    return [place for place in range(len(text)) if text.startswith(word, place)]


@cache
def known_dangers() -> tuple[Danger, ...]:
    """Return the dangers of the data file, the most urgent first."""
    rows = json.loads(DANGER_FILE.read_text(encoding="utf-8"))
    return tuple(
        Danger(
            row["code"],
            tuple(row["words"]),
            tuple(row["first"]),
            tuple(row["then"]),
            row["apart"],
            tuple(row["except"]),
            tuple(row["article"]),
        )
        for row in rows
    )


def dangers_in(query: str) -> tuple[Danger, ...]:
    """Return the dangers a query tells of, the most urgent first."""
    folded = analysis.fold(query)
    return tuple(danger for danger in known_dangers() if danger.is_told_of(folded))


def danger_first(ranked: Sequence[Ranked], dangers: Sequence[Danger]) -> tuple[Ranked, ...]:
    """Return candidates with those on a danger first; where some are on the machine that was named, these."""
    about = [item for item in ranked if any(danger.is_about(item) for danger in dangers)]
    first = [item for item in about if item.named] or about
    return (*first, *(item for item in ranked if item not in first))
