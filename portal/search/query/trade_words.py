"""The words of the trade that the parser needs besides synonyms, read from `starter/trade_words.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

TRADE_FILE = Path(__file__).parent / "starter" / "trade_words.json"


@dataclass(frozen=True, slots=True)
class TradeWords:
    """Word lists of a trade.

    Args:
        people_and_places: who reports and where (阿姨, 后厨); left out of a query like the function words.
        machine_heads: single characters that end the name of a machine.
        machine_endings: pairs that end one where the last character alone would not (炸锅).
        machine_kinds: strings of heads used for one another in names of the same machine (开水器, 开水机, 开水炉).
        machine_words: words of two characters that end like a machine and may follow anything (换电机, 旧水泵).
        verbs_before: characters that make a verb with the head they stand before (开机, 停车).
        ordinary_machines: common names of machines: never cut and never taken for another machine (电磁炉, 高空作业车).
        ordinary_words: other common words that are never taken for a misspelt name (死机, 水泵).
    """

    people_and_places: frozenset[str]
    machine_heads: frozenset[str]
    machine_endings: frozenset[str]
    machine_kinds: tuple[str, ...]
    machine_words: frozenset[str]
    verbs_before: frozenset[str]
    ordinary_machines: frozenset[str]
    ordinary_words: frozenset[str]


def read_trade_words(path: Path = TRADE_FILE) -> TradeWords:
    """Return the word lists of a JSON file with one array a field of `TradeWords`.

    Raises:
        ValueError: the file is no JSON, or a value is no list of non-empty strings.
        TypeError: a list is missing or unknown.
    """
    lists = json.loads(path.read_text(encoding="utf-8"))
    for name, words in lists.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            raise ValueError(f"{path.name}: {name} is not a list of words")
    kinds = tuple(lists.pop("machine_kinds", ()))
    return TradeWords(machine_kinds=kinds, **{name: frozenset(words) for name, words in lists.items()})


TRADE_WORDS = read_trade_words()
