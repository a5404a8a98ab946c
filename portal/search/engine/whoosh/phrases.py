"""Phrases: tokens next to each other, looked up only in documents that hold them all."""

from collections.abc import Sequence

from portal.search.engine.whoosh.segment import Segment


def phrase_ids(segment: Segment, field: str, tokens: Sequence[str], candidates: Sequence[int]) -> list[int] | None:
    """Return the candidates in which the tokens follow each other, or None when the field keeps no places."""
    layout = segment.reader.schema[field].format if field in segment.reader.schema else None
    if layout is None or not layout.supports("positions"):
        return None
    places = {token: _places(segment, field, token, candidates) for token in dict.fromkeys(tokens)}
    return [
        number
        for number in candidates
        if any(
            all(start + step in places[token][number] for step, token in enumerate(tokens) if step)
            for start in places[tokens[0]][number]
        )
    ]


def _places(segment: Segment, field: str, token: str, candidates: Sequence[int]) -> dict[int, frozenset[int]]:
    matcher = segment.reader.postings(field, token)
    found: dict[int, frozenset[int]] = {}
    for number in candidates:
        matcher.skip_to(number)
        found[number] = frozenset(matcher.value_as("positions"))
    return found
