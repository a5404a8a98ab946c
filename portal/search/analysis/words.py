"""Tokenizer for index and query: character bigrams, English stems (Snowball), codes in parts."""

import re
from functools import lru_cache
from itertools import pairwise

from snowballstemmer import stemmer

from portal.search.analysis.codes import NUMBER, code_tokens
from portal.search.analysis.normal import normalise

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
HAN_RUN = re.compile(f"[{HAN}]+")
_RUNS = re.compile(rf"([{HAN}]+)|([A-Za-z0-9]+(?:[-_./+][A-Za-z0-9]+)*)|[^\W_]+")
#: A query gives at most this many tokens; what follows adds cost and no meaning.
MAX_QUERY_TOKENS = 64
MAX_TOKEN_LENGTH = 40
#: Letters a word must have to be stemmed; shorter ones may be codes (`OFF`, `dC`).
SHORTEST_STEMMED = 4


def index_tokens(text: str) -> list[str]:
    """Return the tokens of a text to be indexed, in order, repeats kept.

    A Chinese run gives its pairs of neighbours and, once, its last character, so that every character of it begins
    some token and a single one can be looked up as a prefix. Latin words give their stem, codes and model numbers
    themselves and their parts.
    """
    return _tokens(text, last_character=True)


def query_tokens(text: str) -> list[str]:
    """Return the tokens of a query, in order and without repeats, at most `MAX_QUERY_TOKENS`.

    Every token but a lone Chinese character is matched as it stands; that one by prefix, see `is_prefix`.
    """
    return list(dict.fromkeys(_tokens(text, last_character=False)))[:MAX_QUERY_TOKENS]


def is_prefix(token: str) -> bool:
    """Return whether a query token is a single Chinese character, to be looked up as a prefix of the indexed pairs."""
    return len(token) == 1 and HAN_RUN.fullmatch(token) is not None


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return the stem of an English word in lower case: `heating`, `heated`, `heats` and `heat` become one.

    It reads like a word where Snowball's own would not: `battery` and `batteries` give `battery`, not `batteri`.
    """
    if len(word) < SHORTEST_STEMMED or not word.isascii() or not word.isalpha():
        return word
    # A new one each time: a stemmer keeps the word it works on, and threads stem at once.
    found: str = stemmer("english").stemWord(word)
    root = found.removesuffix("i")
    return f"{root}y" if word.removeprefix(root) in ("y", "ies", "ied") else found


def _tokens(text: str, *, last_character: bool) -> list[str]:
    folded = normalise(text)
    tokens: list[str] = []
    previous, end = "", -1
    for match in _RUNS.finditer(folded):
        run, code = match.group(1), match.group(2)
        if run:
            if len(run) > 1:
                tokens.extend(map("".join, pairwise(run)))
            if last_character or len(run) == 1:
                tokens.append(run[-1])
            previous = ""
            continue
        if not code:
            tokens.append(match.group().lower()[:MAX_TOKEN_LENGTH])
            previous = ""
            continue
        lowered = code.lower()
        if lowered.isalpha():
            tokens.append(stem(lowered)[:MAX_TOKEN_LENGTH])
        else:
            tokens.extend(token[:MAX_TOKEN_LENGTH] for token in code_tokens(lowered))
            if previous and NUMBER.fullmatch(lowered) and folded[end : match.start()].isspace():
                tokens.extend(token[:MAX_TOKEN_LENGTH] for token in code_tokens(previous + lowered))
        previous, end = lowered, match.end()
    return tokens
