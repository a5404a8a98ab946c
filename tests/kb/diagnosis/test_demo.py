"""The demo's guides: long enough to be one, and every one ends wherever one goes."""

import pytest

from kb.enums import StepKind
from kb.tree import Node, Tree
from portal.registry.demo import data

GUIDES = {row["number"]: row for row in data("guides")["guides"]}


@pytest.mark.parametrize("number", GUIDES)
def test_demo_guide_is_complete(number):
    steps = GUIDES[number]["steps"]
    nodes = [
        Node(step["key"], step.get("kind", "question"), step["text"], step.get("yes", ""), step.get("no", ""))
        for step in steps
    ]
    assert Tree(nodes).shortfalls() == []
    assert sum(node.kind == StepKind.QUESTION for node in nodes) >= 8


@pytest.mark.parametrize("number", GUIDES)
def test_demo_work_that_needs_a_card_says_what_is_dangerous(number):
    for step in GUIDES[number]["steps"]:
        if step.get("task"):
            assert step.get("warning"), step["key"]
