"""Ranges of serial numbers, compared as people count them: SN-9 comes before SN-10."""

import re

from portal.typed import plain

PIECES = re.compile(r"(\d+)")


def place_of(serial: str) -> list[tuple[int, int, str]]:
    """Return what serial numbers are ordered by: figures as numbers, the rest as text without case."""
    pieces = PIECES.split(plain(serial).upper())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece]


def in_range(serial: str, first: str, last: str) -> bool:
    """Whether ``serial`` lies between ``first`` and ``last``, both included; an empty end is open."""
    place = place_of(serial)
    return (not first or place_of(first) <= place) and (not last or place <= place_of(last))
