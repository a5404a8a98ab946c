"""Charts drawn on the server as SVG: bars with their words; the table with the same numbers stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW, TOP, LABEL, WIDTH, END = 26, 6, 190, 300, 70


@dataclass(frozen=True)
class Bar:
    """One bar.

    Args:
        share: its length from 0 to 1; what is less than nothing has no length.
        text: the number as it is written at its end.
        tone: a colour of the design, such as ``green``.
    """

    label: str
    share: float
    text: str
    tone: str = "blue"


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its place."""

    bar: Bar
    y: int
    width: int

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.y + 14

    @property
    def end(self) -> int:
        """Where the number stands."""
        return LABEL + self.width + 6


@dataclass(frozen=True)
class BarChart:
    """A chart to be included with ``components/bar_chart.html``."""

    title: str
    bars: Sequence[Bar]

    @property
    def drawn(self) -> list[DrawnBar]:
        """The bars from top to bottom."""
        return [
            DrawnBar(bar, TOP + at * ROW, round(max(0.0, min(bar.share, 1.0)) * WIDTH))
            for at, bar in enumerate(self.bars)
        ]

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return TOP * 2 + len(self.bars) * ROW

    @property
    def width(self) -> int:
        """Width of the drawing."""
        return LABEL + WIDTH + END

    @property
    def left(self) -> int:
        """Where the bars begin."""
        return LABEL
