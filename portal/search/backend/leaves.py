"""Compile the text of a query into expressions over columns: words, phrases, fuzzy words.

Whatever is asked, at most `MAX_TEXT` characters are read and `MAX_QUERY_TOKENS` tokens looked up.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from portal.search.analysis import index_tokens, is_prefix, normalise, query_tokens
from portal.search.analysis.words import HAN_RUN, MAX_QUERY_TOKENS
from portal.search.engine import expressions as ex

#: Columns to search in, with their boosts.
Columns = Sequence[tuple[str, float]]
NOTHING = ex.Not(ex.MatchAll())
#: Characters of a query that are read.
MAX_TEXT = 1_000
#: Words and runs that are looked up with mistakes; a word compares itself with every term of the index.
MAX_FUZZY = 6
#: Characters of a Han run in which one may be wrong; a longer one is a sentence and looked up as it is.
MAX_RUN = 12
_PIECES = re.compile(f"({HAN_RUN.pattern})")


def cut(text: str) -> str:
    """Return the beginning of a text, whole words of it, so that a long one costs no more than a short one."""
    text = text.strip()
    if len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT].rsplit(None, 1)[0]


def words(text: str, columns: Columns) -> list[ex.Expression]:
    """Return an expression for each word."""
    return [_word(token, columns) for token in query_tokens(cut(text))]


def _word(token: str, columns: Columns) -> ex.Expression:
    if is_prefix(token):
        return one_of([ex.Prefix(column, token, boost) for column, boost in columns])
    return one_of([ex.Terms(column, [token], boost=boost) for column, boost in columns])


def phrase(text: str, columns: Columns) -> ex.Expression:
    """Return an expression for words in this order; of a long phrase for its beginning."""
    read = cut(text)
    tokens = index_tokens(read)
    if len(tokens) == 1 and is_prefix(tokens[0]):
        return _word(tokens[0], columns)
    if len(tokens) > 1 and is_prefix(tokens[-1]) and read[-2:-1].strip():
        # The last character of a Chinese run stands alone only where the run ends; here it may go on.
        tokens.pop()
    tokens = tokens[:MAX_QUERY_TOKENS]
    return one_of([ex.Phrase(column, tokens, boost) for column, boost in columns]) if tokens else NOTHING


def fuzzy_words(text: str, columns: Columns) -> list[ex.Expression]:
    """Return an expression for each word and each Han run, found with one or two letters or one character wrong.

    Letters: none wrong in a word of one or two, one in a word of up to five, two in a longer one. Han: one character
    of a run of three to `MAX_RUN`. The first `MAX_FUZZY` of them are forgiven, all others looked up as they are.
    """
    found: list[ex.Expression] = []
    for piece in _PIECES.split(normalise(cut(text))):
        if HAN_RUN.fullmatch(piece) and 2 < len(piece) <= MAX_RUN and len(found) < MAX_FUZZY:
            found.append(one_of([_run_with_a_slip(piece, column, boost) for column, boost in columns]))
            continue
        for token in query_tokens(piece):
            edits = 0 if HAN_RUN.match(token) or len(found) >= MAX_FUZZY else _allowed_edits(token)
            if edits:
                found.append(one_of([ex.Fuzzy(column, token, edits, boost) for column, boost in columns]))
            else:
                found.append(_word(token, columns))
    return found[:MAX_QUERY_TOKENS]


def _allowed_edits(token: str) -> int:
    """As Elasticsearch's AUTO: none for up to two letters, one for up to five, two for more."""
    return 0 if len(token) < 3 else 1 if len(token) < 6 else 2


def _run_with_a_slip(run: str, column: str, boost: float) -> ex.Expression:
    """Return what matches a Han run in which one character may be wrong: the first, the last, or one between.

    A wrong character spoils the pairs it stands in. At an end that is one, and all others must be there. Between the
    ends it is two of n - 1, and both ends must be there too, as one of them may be left without a pair.
    """
    pairs = list(dict.fromkeys(map("".join, pairwise(run))))
    ends: list[ex.Expression] = [ex.Prefix(column, end, boost) for end in (run[0], run[-1])]
    between = [ex.Terms(column, pairs, boost=boost, minimum=len(pairs) - 2)] if len(pairs) > 2 else []
    return ex.Any(
        [
            ex.Terms(column, pairs[1:], "and", boost),
            ex.Terms(column, pairs[:-1], "and", boost),
            ex.All([*ends, *between]),
        ]
    )


def one_of(expressions: Sequence[ex.Expression]) -> ex.Expression:
    """Return an expression that matches what one of them matches."""
    return expressions[0] if len(expressions) == 1 else ex.Any(expressions)


def joined(parts: Sequence[ex.Expression], operator: str, boost: float = 1.0) -> ex.Expression:
    """Return words joined by `and` or `or`; nothing matches no words."""
    if not parts:
        return NOTHING
    found = parts[0] if len(parts) == 1 else ex.All(parts) if operator == "and" else ex.Any(parts)
    return found if boost == 1.0 else ex.Boost(found, boost)
