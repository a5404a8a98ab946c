"""Chapters as a tree: numbers, what stands above, before and after."""

import pytest

from kb.manuals.tree import depth_of, nodes_of, numbered, orphans, place
from kb.models import ManualChapter


@pytest.mark.parametrize(
    ("depths", "numbers"),
    [
        ([], []),
        ([1, 2, 3, 3, 2, 1], ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2"]),
        ([1, 3], ["1", "1.1"]),  # no level is left out
        ([2, 1], ["1", "2"]),
    ],
)
def test_numbers_follow_order_and_depth(depths, numbers):
    assert numbered(depths) == numbers


def test_number_ten_stands_after_nine():
    assert sorted(["1.10", "1.9", "1", "2"], key=place) == ["1", "1.9", "1.10", "2"]


def test_node_knows_its_trail_and_neighbours():
    chapters = [ManualChapter(number=number, title=number) for number in ("1", "1.1", "1.1.1", "1.2", "10", "10.1")]
    nodes = nodes_of(chapters)
    assert [[above.number for above in node.trail] for node in nodes] == [[], ["1"], ["1", "1.1"], ["1"], [], ["10"]]
    assert [node.has_children for node in nodes] == [True, True, False, False, True, False]
    assert [node.heading for node in nodes] == [2, 3, 4, 3, 2, 3]
    assert nodes[0].previous is None
    assert nodes[3].previous is chapters[2]
    assert nodes[3].following is chapters[4]
    assert nodes[-1].following is None


def test_orphan_is_below_a_number_that_is_not_there():
    assert orphans(["1", "1.1", "3.2", "2.1.1"]) == ["3.2", "2.1.1"]
    assert depth_of("3.2") == 2
