"""Chapters of an edition as a tree; the number of a chapter is its place: 1 a part, 1.2 a chapter, 1.2.3 a section.

Pure functions on numbers and lists in reading order. Why there is no column for the tree: docs/decisions/0026.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.models import ManualChapter

#: Parts, chapters, sections.
DEEPEST = 3


def place(number: str) -> tuple[int, ...]:
    """Return a number as a sort key: 1.10 stands after 1.9."""
    return tuple(int(figure) for figure in number.split("."))


def depth_of(number: str) -> int:
    """Return 1 for a part, 2 for a chapter of it, 3 for a section."""
    return number.count(".") + 1


def numbered(depths: Iterable[int]) -> list[str]:
    """Return the numbers of entries that stand in this order at these depths.

    An entry deeper than one below its predecessor stands one below it: no level is left out.
    """
    figures: list[int] = []
    numbers = []
    for depth in depths:
        kept = figures[: min(depth, len(figures) + 1)]
        figures = [*kept[:-1], kept[-1] + 1] if len(kept) == depth else [*kept, 1]
        numbers.append(".".join(map(str, figures)))
    return numbers


@dataclass
class Node:
    """A chapter at its place.

    Attributes:
        depth: 1 for a part.
        trail: the chapters above it, the part first.
        previous: the chapter before it in reading order, and ``following`` the one after it.
        has_children: whether chapters stand below it.
    """

    chapter: ManualChapter
    depth: int
    trail: list[ManualChapter] = field(default_factory=list)
    previous: ManualChapter | None = None
    following: ManualChapter | None = None
    has_children: bool = False

    @property
    def heading(self) -> int:
        """Level of its heading on a page whose title is the first: 2 for a part, at most 4."""
        return min(self.depth, DEEPEST) + 1


def nodes_of(chapters: Iterable[ManualChapter]) -> list[Node]:
    """Return chapters in reading order with what stands above, before and after each."""
    nodes: list[Node] = []
    open_nodes: list[Node] = []
    for chapter in chapters:
        node = Node(chapter, depth_of(chapter.number))
        while open_nodes and not chapter.number.startswith(f"{open_nodes[-1].chapter.number}."):
            open_nodes.pop()
        if open_nodes:
            open_nodes[-1].has_children = True
        node.trail = [above.chapter for above in open_nodes]
        if nodes:
            node.previous, nodes[-1].following = nodes[-1].chapter, chapter
        nodes.append(node)
        open_nodes.append(node)
    return nodes


def orphans(numbers: Sequence[str]) -> list[str]:
    """Return the numbers below one that is not there: 3.2 without 3."""
    known = set(numbers)
    return [number for number in numbers if "." in number and number.rpartition(".")[0] not in known]
