"""Decision trees of yes/no questions: checks before publication and the way a path of answers takes.

Pure data: models and forms hand over nodes, pages and drawings read the tree. Steps may be shared (two answers may lead
to the same step), so it is a directed graph without loops, entered at the first step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from kb.enums import StepKind
from kb.validators import Shortfall

YES, NO = "y", "n"
#: More answers than this in a row are no guide any more, and no address either.
LONGEST_PATH = 40


@dataclass(frozen=True)
class Node:
    """A step as the tree sees it.

    Args:
        key: short name of the step, unique in the guide, e.g. ``3``.
        kind: question, remedy or escalation; the last two end the guide.
        text: what is asked or done.
        yes: key of the step after a yes; questions only.
        no: key of the step after a no; questions only.
        is_hazardous: whether only certified people may do what it says.
    """

    key: str
    kind: str
    text: str
    yes: str = ""
    no: str = ""
    is_hazardous: bool = False

    @property
    def is_question(self) -> bool:
        """Whether it has two ways on."""
        return self.kind == StepKind.QUESTION

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """Return the answers with the keys they lead to."""
        return ((YES, self.yes), (NO, self.no)) if self.is_question else ()


class LostPath(Exception):
    """A path of answers that the tree does not have; ``kept`` is the part of it that still leads somewhere."""

    def __init__(self, kept: str) -> None:
        self.kept = kept
        super().__init__(kept)


class Tree:
    """Steps in their order; the first is where one starts."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes: Sequence[Node] = list(nodes)

    @cached_property
    def by_key(self) -> dict[str, Node]:
        """Return the steps by key; the first of two with the same key."""
        return {node.key: node for node in reversed(self.nodes)}

    def walk(self, path: str) -> list[Node]:
        """Return the steps a path of answers leads through, the one it arrives at last.

        Args:
            path: answers in order, ``y`` or ``n`` each; empty for the first step.

        Raises:
            LostPath: the tree has no such way (it was changed, or the address was made up).
        """
        if not self.nodes:
            raise LostPath("")
        trail = [self.nodes[0]]
        for position, answer in enumerate(path[:LONGEST_PATH]):
            following = self.by_key.get(dict(trail[-1].targets).get(answer, ""))
            if following is None:
                raise LostPath(path[:position])
            trail.append(following)
        if len(path) > LONGEST_PATH:
            raise LostPath(path[:LONGEST_PATH])
        return trail

    @cached_property
    def depths(self) -> dict[str, int]:
        """Return how many answers away each reachable step is, on the longest way; loops are cut where they close."""
        depths: dict[str, int] = {}
        for key in reversed(self._order):
            depths.setdefault(key, 0)
            for _answer, target in self.by_key[key].targets:
                if target in self.by_key and (key, target) not in self._backward:
                    depths[target] = max(depths.get(target, 0), depths[key] + 1)
        return depths

    @cached_property
    def _search(self) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the reachable keys in postorder and the edges that close a loop, by a depth-first search."""
        order: list[str] = []
        backward: list[tuple[str, str]] = []
        if not self.nodes:
            return order, backward
        first = self.nodes[0].key
        state = {first: "open"}
        stack = [(first, iter(self.by_key[first].targets))]
        while stack:
            key, targets = stack[-1]
            for _answer, target in targets:
                if target not in self.by_key:
                    continue
                if state.get(target) == "open":
                    backward.append((key, target))
                elif target not in state:
                    state[target] = "open"
                    stack.append((target, iter(self.by_key[target].targets)))
                    break
            else:
                state[key] = "done"
                order.append(key)
                stack.pop()
        return order, backward

    @property
    def _order(self) -> list[str]:
        return self._search[0]

    @property
    def _backward(self) -> list[tuple[str, str]]:
        return self._search[1]

    @property
    def reachable(self) -> frozenset[str]:
        """Return the keys one can arrive at."""
        return frozenset(self._order)

    def shortfalls(self) -> list[Shortfall]:
        """Return what keeps the tree from being published, each naming the step it is about; nothing when it may be."""
        if not self.nodes:
            return [Shortfall("no_steps", _("Write at least one step."), "steps")]
        found = [*self._duplicates(), *self._dead_ends(), *self._loops(), *self._unreachable()]
        if not any(node.kind == StepKind.ESCALATION and node.key in self.reachable for node in self.nodes):
            message = _("No branch ends with an escalation: say whom to call when nothing helps.")
            found.append(Shortfall("no_escalation", message, "steps"))
        if not found and max(self.depths.values()) > LONGEST_PATH:
            message = _("A branch has more than %(most)s questions; make two guides of it.") % {"most": LONGEST_PATH}
            found.append(Shortfall("too_long", message, "steps"))
        return found

    def _duplicates(self) -> list[Shortfall]:
        keys = [node.key for node in self.nodes]
        twice = dict.fromkeys(key for key in keys if keys.count(key) > 1)
        return [Shortfall("step_twice", _("Two steps are called %(key)s.") % {"key": key}, "steps") for key in twice]

    def _dead_ends(self) -> list[Shortfall]:
        found = []
        words = {YES: _("yes"), NO: _("no")}
        for node in self.nodes:
            for answer, target in node.targets:
                facts = {"key": node.key, "answer": words[answer], "target": target}
                if not target:
                    message = _("Step %(key)s does not say where “%(answer)s” leads.") % facts
                    found.append(Shortfall("branch_open", message, "steps"))
                elif target not in self.by_key:
                    message = _("Step %(key)s: “%(answer)s” leads to step %(target)s, which is not there.") % facts
                    found.append(Shortfall("step_unknown", message, "steps"))
            if not node.is_question and (node.yes or node.no):
                message = _("Step %(key)s ends the guide, but names a next step.") % {"key": node.key}
                found.append(Shortfall("end_goes_on", message, "steps"))
        return found

    def _loops(self) -> list[Shortfall]:
        return [
            Shortfall(
                "loop",
                _("Step %(key)s leads back to step %(target)s: one would go round in a circle.")
                % {"key": key, "target": target},
                "steps",
            )
            for key, target in self._backward
        ]

    def _unreachable(self) -> list[Shortfall]:
        return [
            Shortfall("unreachable", _("No answer leads to step %(key)s.") % {"key": node.key}, "steps")
            for node in self.nodes
            if node.key not in self.reachable
        ]
