"""A candidate's signature drawn on the screen: strokes in a field of 1000 × 300, checked and drawn as a path."""

import json

from certification.practicals.errors import UnusableSignature

Strokes = list[list[int]]

WIDTH, HEIGHT = 1000, 300
MOST_STROKES, MOST_POINTS = 80, 6000
# A dot or a short dash is a slip of the finger.
LEAST_POINTS = 8


def read_strokes(posted: str) -> Strokes:
    """Return the strokes a page sent as JSON, empty for nothing drawn.

    Raises:
        UnusableSignature: no list of strokes of whole numbers inside the field, too little or too much of them.
    """
    if not posted.strip():
        return []
    try:
        strokes = json.loads(posted)
    except (ValueError, RecursionError):
        raise UnusableSignature from None
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES or not all(map(_is_stroke, strokes)):
        raise UnusableSignature
    points = sum(len(stroke) for stroke in strokes) // 2
    if not LEAST_POINTS <= points <= MOST_POINTS:
        raise UnusableSignature
    return strokes


def path_of(strokes: Strokes) -> str:
    """Return the strokes as the ``d`` of an SVG path in the field."""
    parts = []
    for stroke in strokes:
        pairs = [f"{x} {y}" for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        # A stroke of one point is a dot: a line of no length, which round ends show.
        parts.append(f"M{pairs[0]}L{' '.join(pairs[1:] or pairs)}")
    return "".join(parts)


def _is_stroke(stroke: object) -> bool:
    if not isinstance(stroke, list) or not stroke or len(stroke) % 2:
        return False
    inside = zip(stroke, (WIDTH, HEIGHT) * (len(stroke) // 2), strict=True)
    return all(type(number) is int and 0 <= number <= most for number, most in inside)
