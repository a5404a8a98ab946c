"""Layered layout of a decision tree: which layer and place each step has, and where long edges pass between the boxes.

A simple form of the layered drawing of Sugiyama, Tagawa and Toda (1981): steps by longest way from the first one, a
slot of its own in every layer an edge passes, slots ordered by the mean of what leads to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.tree import Tree

WIDTH, HEIGHT = 190, 76
GAP_X, GAP_Y = 26, 62
MARGIN = 12
#: Width of the gap an edge passes through.
LANE = 22
SWEEPS = 4

#: An edge is named by the step it leaves and the answer.
EdgeName = tuple[str, str]


@dataclass
class Slot:
    """A place in a layer: of a step, or of an edge that passes.

    Args:
        key: the step, empty for an edge.
        edge: the edge, None for a step.
        above: slots of the layer above that lead here.
        x: left side, in units of the drawing.
    """

    key: str = ""
    edge: EdgeName | None = None
    above: list["Slot"] = field(default_factory=list)
    x: float = 0

    @property
    def width(self) -> int:
        """Return how wide it is."""
        return WIDTH if self.key else LANE

    @property
    def middle(self) -> float:
        """Return the x of its middle."""
        return self.x + self.width / 2


@dataclass
class Layout:
    """Slots by layer; lanes by edge, from above to below."""

    layers: list[list[Slot]]
    steps: dict[str, tuple[Slot, int]] = field(default_factory=dict)
    lanes: dict[EdgeName, list[tuple[Slot, int]]] = field(default_factory=dict)


def top_of(layer: int) -> int:
    """Return the y of the upper side of a layer."""
    return MARGIN + layer * (HEIGHT + GAP_Y)


def lay_out(tree: Tree) -> Layout:
    """Return the layout of a tree; steps nobody reaches stand in a layer of their own below."""
    depths = tree.depths
    layout = Layout([[] for _depth in range(max(depths.values(), default=-1) + 1)])
    for key in _as_read(tree):
        slot = Slot(key)
        layout.layers[depths[key]].append(slot)
        layout.steps[key] = slot, depths[key]
        for answer, target in tree.by_key[key].targets:
            _lead(layout, (key, answer), depths[key], depths.get(target, 0))
    for key, answer, target in _edges(tree):
        _link(layout, key, answer, target)
    if alone := [key for key in tree.by_key if key not in tree.reachable]:
        layout.layers.append([Slot(key) for key in alone])
        layout.steps |= {slot.key: (slot, len(layout.layers) - 1) for slot in layout.layers[-1]}
    _place(layout.layers)
    return layout


def _as_read(tree: Tree) -> list[str]:
    """Return the reachable keys as a reader meets them who always follows yes first."""
    found: dict[str, None] = {}
    waiting = [tree.nodes[0].key] if tree.nodes else []
    while waiting:
        key = waiting.pop()
        if key in found or key not in tree.by_key:
            continue
        found[key] = None
        waiting += [target for _answer, target in reversed(tree.by_key[key].targets)]
    return list(found)


def _edges(tree: Tree) -> Iterator[tuple[str, str, str]]:
    for key in tree.reachable:
        for answer, target in tree.by_key[key].targets:
            if target in tree.by_key:
                yield key, answer, target


def _lead(layout: Layout, edge: EdgeName, begin: int, end: int) -> None:
    """Give an edge a slot in every layer it passes."""
    lane = [(Slot(edge=edge), depth) for depth in range(begin + 1, end)]
    for slot, depth in lane:
        layout.layers[depth].append(slot)
    layout.lanes[edge] = lane


def _link(layout: Layout, key: str, answer: str, target: str) -> None:
    """Note what leads to each slot of an edge, and to its end."""
    before, depth = layout.steps[key]
    for slot, _depth in layout.lanes.get((key, answer), []):
        slot.above.append(before)
        before = slot
    end, end_depth = layout.steps[target]
    if end_depth > depth:
        end.above.append(before)


def _place(layers: list[list[Slot]]) -> None:
    """Order the slots of each layer by the mean of what leads to them and centre the layers."""
    for _sweep in range(SWEEPS):
        widest = max((_width(layer) for layer in layers), default=0)
        for layer in layers:
            layer.sort(key=_wish)
            x = MARGIN + (widest - _width(layer)) / 2
            for slot in layer:
                slot.x = x
                x += slot.width + GAP_X


def _wish(slot: Slot) -> float:
    """Return where a slot wants to be: below what leads to it."""
    return sum(above.middle for above in slot.above) / len(slot.above) if slot.above else slot.middle


def _width(layer: list[Slot]) -> int:
    return sum(slot.width for slot in layer) + GAP_X * max(len(layer) - 1, 0)
