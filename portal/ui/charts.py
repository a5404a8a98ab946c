"""Bar charts and roads as SVG without inline styles, which the CSP forbids; the table or list stands beside each."""

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
        tone: a colour of the design, such as ``green``.
    """

    label: str
    value: float | None
    text: str = ""
    tone: str = "brand"


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
            "tone": bar.tone,
        }
        for at, bar in enumerate(bars)
    ]
    facts = {"title": title, "rows": rows, "left": LABELS, "label_x": LABELS - 8, "bar": ROW - 12}
    facts |= {"width": LABELS + BARS + NUMBERS, "height": len(rows) * ROW}
    return SafeString(render_to_string("components/bar_chart.html", facts))


#: Pixels of a stop of a road, of the whole width, of the middle of its marks, and of the words beside them.
STEP, WIDE, MARK, WORDS = 52, 340, 16, 40
#: Characters of a stop's title and of its note that fit beside the mark.
TITLE_LENGTH, NOTE_LENGTH = 18, 22


@dataclass(frozen=True)
class Stop:
    """One stop of a road.

    Args:
        note: where and when, or what is missing.
        state: ``done``, ``next``, ``failed`` or ``missing``, as of the steps of a list.
    """

    title: str
    note: str = ""
    state: str = "missing"


def road_chart(title: str, stops: Sequence[Stop]) -> SafeString:
    """Return stops one below the other on a line, done up to where somebody stands; nothing for no stops.

    Args:
        title: what it shows, read out instead of the picture; the list with the whole texts stands beside it.
    """
    if not stops:
        return SafeString("")
    rows = [
        {
            "title": _cut(stop.title, TITLE_LENGTH),
            "note": _cut(stop.note, NOTE_LENGTH),
            "full": f"{stop.title}: {stop.note}" if stop.note else stop.title,
            "state": stop.state,
            "y": at * STEP + MARK,
            "title_y": at * STEP + MARK + 2,
            "note_y": at * STEP + MARK + 20,
            "number": at + 1,
            "is_last": at + 1 == len(stops),
            "to": (at + 1) * STEP + MARK,
        }
        for at, stop in enumerate(stops)
    ]
    facts = {"title": title, "rows": rows, "x": MARK, "words": WORDS, "width": WIDE, "height": len(stops) * STEP}
    return SafeString(render_to_string("components/road_chart.html", facts))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
