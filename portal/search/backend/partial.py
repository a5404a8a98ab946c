"""Tokens for autocomplete: unstemmed, since a word and its stem may begin differently."""

import re
from itertools import pairwise

from portal.search.analysis import fold
from portal.search.analysis.words import HAN

_RUNS = re.compile(rf"([{HAN}]+)|[^\W_{HAN}]+")
MAX_LENGTH = 40


def index_words(text: str) -> list[str]:
    """Return what completes to a text: its words, pairs of neighbouring Chinese characters, each run's last one."""
    words: list[str] = []
    for match in _RUNS.finditer(fold(text)):
        run = match.group(1)
        if run:
            words.extend(map("".join, pairwise(run)))
            words.append(run[-1])
        else:
            words.append(match.group()[:MAX_LENGTH])
    return words


def typed_words(text: str) -> list[str]:
    """Return what has been typed so far; the last word may go on."""
    words: list[str] = []
    for match in _RUNS.finditer(fold(text)):
        run = match.group(1)
        if run and len(run) > 1:
            words.extend(map("".join, pairwise(run)))
        else:
            words.append(match.group()[:MAX_LENGTH])
    return list(dict.fromkeys(words))
