"""Bar charts as SVG without inline styles, which the CSP forbids; the table with the numbers stands beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

#: Pixels of a bar with its gap, of the labels' column, of the bars, and of the number behind them.
ROW, LABELS, BARS, NUMBERS = 34, 150, 360, 70
#: Characters of a label that fit before its bar.
LABEL_LENGTH = 12


@dataclass(frozen=True)
class Bar:
    """One bar.

    Args:
        value: its length; None draws no bar.
        text: what stands behind it.
    """

    label: str
    value: float | None
    text: str = ""


def bar_chart(title: str, bars: Sequence[Bar], *, highest: float | None = None) -> SafeString:
    """Return a horizontal bar chart; nothing for no bars.

    Args:
        title: what it shows, read out instead of the picture.
        highest: the value of a full bar; the largest one by default.
    """
    if not bars:
        return SafeString("")
    top = highest or max((bar.value or 0 for bar in bars), default=0) or 1
    rows: list[dict[str, Any]] = [
        {
            "label": bar.label if len(bar.label) <= LABEL_LENGTH else bar.label[: LABEL_LENGTH - 1] + "…",
            "full": bar.label,
            "y": at * ROW,
            "text_y": at * ROW + ROW * 0.6,
            "width": round(BARS * min(max(bar.value or 0, 0) / top, 1), 1),
            "text_x": LABELS + 8 + round(BARS * min(max(bar.value or 0, 0) / top, 1), 1),
            "text": bar.text,
        }
        for at, bar in enumerate(bars)
    ]
    facts = {"title": title, "rows": rows, "left": LABELS, "label_x": LABELS - 8, "bar": ROW - 12}
    facts |= {"width": LABELS + BARS + NUMBERS, "height": len(rows) * ROW}
    return SafeString(render_to_string("components/bar_chart.html", facts))
