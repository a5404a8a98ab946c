"""The picture of a tree: nothing overlaps, every answer is drawn, also of a draft that is not finished."""

from itertools import combinations

import pytest
from hypothesis import given

from kb.diagnosis.drawing import draw
from kb.diagnosis.layout import HEIGHT, WIDTH, lay_out
from kb.diagnosis.queries import StepCount
from kb.tree import Node, Tree
from tests.kb.test_tree import any_nodes, escalation, question, remedy

SHARED = [question("1", "2", "3"), question("2", "8", "3"), question("3", "8", "9"), remedy("8"), escalation("9")]


def test_every_step_and_every_answer_is_drawn_once():
    drawing = draw(Tree(SHARED))
    assert [box.node.key for box in drawing.boxes] == ["1", "2", "8", "3", "9"]
    assert [edge.label for edge in drawing.edges] == ["是", "否"] * 3


@given(any_nodes())
def test_no_two_boxes_overlap_and_all_lie_inside(nodes):
    drawing = draw(Tree(nodes))
    for one, other in combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    for box in drawing.boxes:
        assert 0 <= box.x <= drawing.width - WIDTH
        assert 0 <= box.y <= drawing.height - HEIGHT


def test_edge_over_a_layer_passes_beside_its_boxes():
    layout = lay_out(Tree(SHARED))
    [(lane, depth)] = layout.lanes["1", "n"]
    assert depth == 1
    others = [slot for slot in layout.layers[1] if slot is not lane]
    assert all(lane.x >= slot.x + slot.width or lane.x + lane.width <= slot.x for slot in others)


def test_counts_are_written_and_weigh():
    counts = {"1": StepCount(yes=9, no=1), "2": StepCount(yes=4), "8": StepCount(solved=4), "9": StepCount(given_up=2)}
    drawing = draw(Tree(SHARED), counts)
    assert [edge.label for edge in drawing.edges] == ["是 9", "否 1", "是 4", "否 0", "是 0", "否 0"]
    assert [edge.css.split("--")[-1] for edge in drawing.edges] == [
        "mostly",
        "seldom",
        "often",
        "never",
        "never",
        "never",
    ]
    assert {box.node.key: box.note for box in drawing.boxes if box.note} == {"8": "已解决 4", "9": "未解决 2"}


def test_draft_with_loop_and_unreachable_step_is_drawn_and_marked():
    drawing = draw(Tree([question("1", "2", "1"), escalation("2"), remedy("7")]))
    assert [edge.css for edge in drawing.edges if "loop" in edge.css] == ["tree__edge--no tree__edge--loop"]
    assert [box.node.key for box in drawing.boxes if "unreachable" in box.css] == ["7"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("压力正常吗？", ("压力正常吗？",)),
        ("测得机组接线端子三相电压都正常吗？", ("测得机组接线端子三相电压", "都正常吗？")),
        ("一" * 40, ("一" * 12, "一" * 12, "一" * 11 + "…")),
    ],
)
def test_long_text_is_broken_and_cut(text, lines):
    [box] = draw(Tree([Node("1", "remedy", text)])).boxes
    assert box.lines == lines


def test_empty_tree_is_an_empty_drawing():
    assert draw(Tree([])).boxes == ()
