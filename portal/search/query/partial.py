"""Parts of a query that are asked by themselves when the whole of it has no answer.

Who adds a word to a question must not find less: where the whole says too little, the part that has an answer is
answered, and the rest is reported as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.search.analysis.words import HAN

#: Pieces of a query that are told apart, and parts of it that are asked at most.
MAX_PIECES, MAX_ASKED = 10, 24
_PIECE = re.compile(rf"[{HAN}]+|[^\s{HAN}，。；、！？,;!?]+")


def parts_of(query: str) -> Iterator[str]:
    """Yield the parts of a query worth asking by themselves, those that leave out least first; none of a single piece.

    Pieces are what spaces and punctuation part, and what changes the script.
    """
    pieces = list(_PIECE.finditer(query))[:MAX_PIECES]
    count = len(pieces)
    if count < 2:
        return
    spans = [(start, start + length) for length in range(count - 1, 0, -1) for start in range(count - length + 1)]
    # Single pieces are asked in any case.
    spans = [*spans[: MAX_ASKED - count], *((place, place + 1) for place in range(count))]
    for start, end in dict.fromkeys(spans):
        yield query[pieces[start].start() : pieces[end - 1].end()]
