"""A sheet of 480 by 320 units on which drawings are made of few kinds of line, written as static SVG.

Drawn alike: ink for the machine, blue for cold and water, orange for heat, amber for gas, red for what hurts or is wrong,
green for where to put the hand. Words stand beside the picture as callouts, so a sheet has letters only as machines do.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

WIDTH, HEIGHT = 480, 320
#: Pixels a unit has where a browser asks for the size of the drawing.
SCALE = 2
PER_MILLE = 1000

INK, SOFT, PALE, WHITE = "#1d2a30", "#c9d2d6", "#eef2f3", "#ffffff"
RED, RED_PALE = "#c62828", "#fbdcd9"
BLUE, BLUE_PALE = "#1565c0", "#d9e9fb"
HEAT, HEAT_PALE = "#d84315", "#fde2d6"
GAS, GAS_PALE = "#b97800", "#fdeec6"
GREEN, GREEN_PALE = "#1b7f3b", "#d9f2e0"
THICK, LINE, THIN = 4, 2.5, 1.4

Point = tuple[float, float]


@dataclass
class Sheet:
    """One drawing.

    Args:
        name: of its file.
        title: in the language of the demo.
        alt: what it shows, for who does not see it.
    """

    name: str
    title: str
    alt: str
    shapes: list[str] = field(default_factory=list)
    marks: list[tuple[int, int, str]] = field(default_factory=list)

    def mark(self, x: float, y: float, label: str) -> None:
        """Number a place; the number is laid over the drawing where it is shown."""
        self.marks.append((round(x * PER_MILLE / WIDTH), round(y * PER_MILLE / HEIGHT), label))

    def _add(self, tag: str, stroke: str, fill: str, thickness: float, dash: str = "", **facts: object) -> None:
        facts |= {"stroke": stroke, "fill": fill, "stroke-width": thickness}
        if dash:
            facts["stroke-dasharray"] = dash
        written = " ".join(f"{name}={quoteattr(_short(value))}" for name, value in facts.items())
        self.shapes.append(f"<{tag} {written}/>")

    def line(self, *points: Point, stroke: str = INK, width: float = LINE, dash: str = "", fill: str = "none") -> None:
        """A line through points."""
        self._add("polyline", stroke, fill, width, dash, points=_joined(points))

    def shape(self, *points: Point, stroke: str = INK, fill: str = WHITE, width: float = LINE) -> None:
        """A closed shape through points."""
        self._add("polygon", stroke, fill, width, points=_joined(points))

    def path(self, d: str, stroke: str = INK, fill: str = "none", width: float = LINE, dash: str = "") -> None:
        """A curve in the words of SVG."""
        self._add("path", stroke, fill, width, dash, d=d)

    def box(self, x: float, y: float, w: float, h: float, *, fill: str = WHITE, stroke: str = INK, r: float = 3,
            width: float = LINE, dash: str = "") -> None:  # fmt: skip
        """A box with slightly round corners."""
        self._add("rect", stroke, fill, width, dash, x=x, y=y, width=w, height=h, rx=r)

    def disc(self, x: float, y: float, r: float, *, fill: str = WHITE, stroke: str = INK, width: float = LINE,
             dash: str = "") -> None:  # fmt: skip
        """A circle."""
        self._add("circle", stroke, fill, width, dash, cx=x, cy=y, r=r)

    def oval(self, x: float, y: float, rx: float, ry: float, *, fill: str = WHITE, stroke: str = INK) -> None:
        """An ellipse."""
        self._add("ellipse", stroke, fill, LINE, cx=x, cy=y, rx=rx, ry=ry)

    def word(self, x: float, y: float, text: str, *, size: float = 15, fill: str = INK) -> None:
        """A letter or figure that stands on the machine itself: L, N, M, 0, 1."""
        self.shapes.append(
            f'<text x="{_short(x)}" y="{_short(y + size * 0.36)}" font-family="DejaVu Sans, Arial, sans-serif"'
            f' font-size="{_short(size)}" font-weight="700" text-anchor="middle" fill="{fill}">{escape(text)}</text>'
        )

    def pipe(self, *points: Point, stroke: str = INK, inside: str = WHITE, bore: float = 9) -> None:
        """A pipe: two walls with what runs in it between."""
        self.line(*points, stroke=stroke, width=bore + 3)
        self.line(*points, stroke=inside, width=bore - 2)

    def arrow(self, *points: Point, stroke: str = INK, width: float = LINE, head: float = 11) -> None:
        """A line that ends in an arrowhead."""
        (x1, y1), (x2, y2) = points[-2], points[-1]
        angle = math.atan2(y2 - y1, x2 - x1)
        back = (x2 - head * 0.8 * math.cos(angle), y2 - head * 0.8 * math.sin(angle))
        self.line(*points[:-1], back, stroke=stroke, width=width)
        wings = [(x2 - head * math.cos(angle + turn), y2 - head * math.sin(angle + turn)) for turn in (-0.45, 0.45)]
        self.shape((x2, y2), *wings, stroke=stroke, fill=stroke, width=1)

    def turning(self, x: float, y: float, r: float, *, stroke: str = INK, clockwise: bool = True) -> None:
        """An arrow round a centre: three quarters of a turn."""
        turn = 1 if clockwise else -1
        start, end = math.radians(-200 * turn), math.radians(30 * turn)
        first = (x + r * math.cos(start), y + r * math.sin(start))
        last = (x + r * math.cos(end), y + r * math.sin(end))
        self.path(f"M{_pair(first)}A{r} {r} 0 1 {int(clockwise)} {_pair(last)}", stroke, width=3)
        ahead = end + math.pi / 2 * turn
        tip = (last[0] + 11 * math.cos(ahead), last[1] + 11 * math.sin(ahead))
        side = [(last[0] + 7 * math.cos(end) * sign, last[1] + 7 * math.sin(end) * sign) for sign in (1, -1)]
        self.shape(tip, *side, stroke=stroke, fill=stroke, width=1)

    def svg(self) -> str:
        """Return the drawing as a file; title and description stand in it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH * SCALE}" '
            f'height="{HEIGHT * SCALE}" stroke-linecap="round" stroke-linejoin="round">'
        )
        ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{WHITE}"/>'
        words = f"<title>{escape(self.title)}</title><desc>{escape(self.alt)}</desc>"
        return "\n".join([head, words, ground, *self.shapes, "</svg>\n"])


def _short(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _pair(point: Point) -> str:
    return f"{_short(float(point[0]))} {_short(float(point[1]))}"


def _joined(points: Iterable[Point]) -> str:
    return " ".join(_pair(point) for point in points)


def zigzag(x: float, y: float, w: float, h: float, turns: int) -> Sequence[Point]:
    """Return the points of a coil of pipe that goes to and fro in a box, from its top left."""
    step = h / turns
    points: list[Point] = []
    for turn in range(turns + 1):
        ends = [(x, y + turn * step), (x + w, y + turn * step)]
        points += ends if turn % 2 == 0 else ends[::-1]
    return points
