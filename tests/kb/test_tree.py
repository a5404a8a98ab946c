"""Decision trees: what keeps them from being published, and where a path of answers leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.enums import StepKind
from kb.tree import LONGEST_PATH, LostPath, Node, Tree


def question(key, yes, no):
    return Node(key, StepKind.QUESTION, f"{key}?", yes, no)


def remedy(key):
    return Node(key, StepKind.REMEDY, key)


def escalation(key):
    return Node(key, StepKind.ESCALATION, key)


def codes(*nodes):
    return [shortfall.code for shortfall in Tree(nodes).shortfalls()]


def test_complete_tree_has_no_shortfalls():
    assert codes(question("1", "2", "9"), question("2", "8", "9"), remedy("8"), escalation("9")) == []


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ((), ["no_steps"]),
        ((question("1", "8", ""), remedy("8"), escalation("9")), ["branch_open", "unreachable", "no_escalation"]),
        ((question("1", "7", "9"), escalation("9")), ["step_unknown"]),
        ((question("1", "1", "9"), escalation("9")), ["loop"]),
        ((question("1", "2", "9"), question("2", "1", "9"), escalation("9")), ["loop"]),
        ((question("1", "9", "9"), remedy("8"), escalation("9")), ["unreachable"]),
        ((question("1", "8", "8"), remedy("8")), ["no_escalation"]),
        ((question("1", "9", "9"), escalation("9"), escalation("9")), ["step_twice"]),
        ((question("1", "9", "9"), Node("9", StepKind.ESCALATION, "9", yes="1")), ["end_goes_on"]),
    ],
)
def test_each_fault_of_a_tree_is_named(nodes, expected):
    assert codes(*nodes) == expected


def test_shortfalls_name_the_step_they_are_about():
    found = Tree([question("2a", "77", "9"), escalation("9")]).shortfalls()
    assert [str(shortfall.message) for shortfall in found] == ["步骤 2a 的“是”通向步骤 77，但没有这一步。"]


def test_a_branch_may_not_be_longer_than_an_address():
    chain = [question(str(n), str(n + 1), "e") for n in range(LONGEST_PATH + 1)]
    assert codes(*chain, escalation(str(LONGEST_PATH + 1)), escalation("e")) == ["too_long"]


def test_walk_leads_through_the_steps_answered():
    tree = Tree([question("1", "2", "9"), question("2", "8", "9"), remedy("8"), escalation("9")])
    assert [node.key for node in tree.walk("yn")] == ["1", "2", "9"]
    assert [node.key for node in tree.walk("")] == ["1"]


@pytest.mark.parametrize(("path", "kept"), [("yyy", "yy"), ("ny", "n"), ("yx", "y"), ("y" * 60, "yy")])
def test_lost_path_says_how_far_it_holds(path, kept):
    tree = Tree([question("1", "2", "9"), question("2", "8", "9"), remedy("8"), escalation("9")])
    with pytest.raises(LostPath) as lost:
        tree.walk(path)
    assert lost.value.kept == kept


@st.composite
def any_nodes(draw):
    keys = [str(n) for n in range(draw(st.integers(1, 9)))]
    target = st.sampled_from([*keys, "", "elsewhere"])
    kinds = st.sampled_from(StepKind.values)
    return [
        Node(key, kind, key, draw(target), draw(target))
        if (kind := draw(kinds)) == StepKind.QUESTION
        else Node(key, kind, key)
        for key in keys
    ]


@given(any_nodes(), st.text("yn", max_size=LONGEST_PATH))
def test_a_tree_without_shortfalls_always_ends(nodes, answers):
    tree = Tree(nodes)
    if tree.shortfalls():
        return
    path = ""
    for answer in answers:
        if not tree.walk(path)[-1].is_question:
            break
        path += answer
    assert tree.depths.keys() == {node.key for node in nodes}
    assert len(path) <= max(tree.depths.values())


@given(any_nodes())
def test_depths_grow_along_every_edge_that_closes_no_loop(nodes):
    tree = Tree(nodes)
    loops = {shortfall.code for shortfall in tree.shortfalls()} & {"loop"}
    for key in tree.reachable:
        for _answer, target in tree.by_key[key].targets:
            if target in tree.by_key and not loops:
                assert tree.depths[target] > tree.depths[key]
