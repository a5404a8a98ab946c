"""Draw a decision tree as SVG on the server: for the editor's preview and for the picture of its runs.

The drawing has classes and no styles of its own: the content security policy allows it and the theme colours it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kb.diagnosis.layout import GAP_Y, HEIGHT, MARGIN, WIDTH, Layout, lay_out, top_of
from kb.diagnosis.queries import StepCount
from kb.enums import StepKind
from kb.tree import YES, Node, Tree

#: Latin characters of a line in a box (a Chinese one is twice as wide), and lines.
LINE, LINES = 24, 3
Counts = Mapping[str, StepCount]


@dataclass(frozen=True)
class Box:
    """A step where it is drawn; x and y are its upper left corner, in units of the drawing."""

    node: Node
    x: int
    y: int
    lines: tuple[str, ...]
    note: str
    css: str


@dataclass(frozen=True)
class Edge:
    """An answer from a box to a box: a path of SVG, and its label with its place."""

    line: str
    label: str
    x: int
    y: int
    css: str


@dataclass(frozen=True)
class Drawing:
    """What the template needs to write the SVG."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


def draw(tree: Tree, counts: Counts | None = None) -> Drawing:
    """Draw a tree, finished or not.

    Args:
        counts: how often each answer was given and where runs ended; drawn as numbers and widths when given.
    """
    layout = lay_out(tree)
    boxes = [_box(tree, layout, key, counts) for key in layout.steps]
    most = max((max(count.yes, count.no) for count in (counts or {}).values()), default=0)
    edges = [
        _edge(layout, key, answer, target, counts, most)
        for key in layout.steps
        for answer, target in tree.by_key[key].targets
        if target in layout.steps
    ]
    width = round(max((slot.x + slot.width for layer in layout.layers for slot in layer), default=0)) + MARGIN
    height = max((box.y + HEIGHT for box in boxes), default=0) + MARGIN
    return Drawing(width, height, tuple(boxes), tuple(edges))


def _box(tree: Tree, layout: Layout, key: str, counts: Counts | None) -> Box:
    node = tree.by_key[key]
    slot, depth = layout.steps[key]
    count = counts.get(key) if counts else None
    return Box(node, round(slot.x), top_of(depth), _wrapped(node.text), _note(count), _css(tree, node))


def _css(tree: Tree, node: Node) -> str:
    marks = [f"tree__box--{StepKind(node.kind).value}" if node.kind in StepKind.values else "tree__box--unknown"]
    if node.is_hazardous:
        marks.append("tree__box--hazardous")
    if node.key not in tree.reachable:
        marks.append("tree__box--unreachable")
    return " ".join(marks)


def _note(count: StepCount | None) -> str:
    """Return what happened at a step as one line."""
    if count is None:
        return ""
    facts = [(_("solved"), count.solved), (_("not solved"), count.without_solution)]
    return " · ".join(f"{word} {number}" for word, number in facts if number)


def _edge(layout: Layout, key: str, answer: str, target: str, counts: Counts | None, most: int) -> Edge:
    (begin, begin_depth), (end, end_depth) = layout.steps[key], layout.steps[target]
    x = begin.middle + (-WIDTH / 5 if answer == YES else WIDTH / 5)
    y = top_of(begin_depth) + HEIGHT
    line = [f"M{x:.0f} {y}"]
    at_x, at_y = x, y
    for slot, depth in layout.lanes.get((key, answer), []):
        line += [_curve(at_x, at_y, slot.middle, top_of(depth)), f"V{top_of(depth) + HEIGHT}"]
        at_x, at_y = slot.middle, top_of(depth) + HEIGHT
    line.append(_curve(at_x, at_y, end.middle, top_of(end_depth)))
    label = _("yes") if answer == YES else _("no")
    css = f"tree__edge--{'yes' if answer == YES else 'no'}"
    if counts is not None:
        count = counts.get(key, StepCount())
        number = count.yes if answer == YES else count.no
        label = f"{label} {number}"
        css += f" tree__edge--{_weight(number, most)}"
    if end_depth <= begin_depth:
        css += " tree__edge--loop"
    return Edge(" ".join(line), label, round(x), y + 20, css)


def _curve(x1: float, y1: int, x2: float, y2: int) -> str:
    """Return a curve that leaves downwards and arrives from above."""
    bend = max(abs(y2 - y1) // 2, GAP_Y // 2)
    return f"C{x1:.0f} {y1 + bend} {x2:.0f} {y2 - bend} {x2:.0f} {y2}"


def _weight(number: int, most: int) -> str:
    """Return how thick an edge is drawn: never taken, seldom, often, mostly."""
    if not number:
        return "never"
    share = number / most
    return "mostly" if share > 2 / 3 else "often" if share > 1 / 3 else "seldom"


def _wrapped(text: str) -> tuple[str, ...]:
    """Return the lines of a box; what does not fit is cut with an ellipsis (the table beside it has all of it)."""
    found, line, room = [], "", LINE
    for character in text:
        wide = 2 if ord(character) > 0x2E7F else 1
        if wide > room:
            found.append(line)
            line, room = "", LINE
        line += character
        room -= wide
    found.append(line)
    if len(found) > LINES:
        found = [*found[: LINES - 1], f"{found[LINES - 1][:-1]}…"]
    return tuple(part.strip() for part in found)
