"""Lists judged a page at a time: exact while short, nothing lost and nothing judged twice when long."""

import pytest

from certification.judged import JUDGED_AT_ONCE, Judged


def judged(candidates):
    """A list of the even ones among so many candidates, and what was judged at once."""
    asked = []

    def judge(keys):
        asked.append(list(keys))
        return [key for key in keys if key % 2 == 0]

    return Judged(lambda: list(range(1, candidates + 1)), judge), asked


def test_short_list_is_exact_and_judged_once():
    found, asked = judged(10)
    assert (len(found), found[1:3], list(found), found[0]) == (5, [4, 6], [2, 4, 6, 8, 10], 2)
    assert len(asked) == 1


@pytest.mark.parametrize("candidates", [JUDGED_AT_ONCE + 1, 3 * JUDGED_AT_ONCE, 200])
def test_long_list_is_gone_through_to_its_end(candidates):
    found, asked = judged(candidates)
    assert list(found) == list(range(2, candidates + 1, 2))
    assert [key for keys in asked for key in keys] == list(range(1, candidates + 1))
    assert max(map(len, asked)) == JUDGED_AT_ONCE


def test_page_of_a_long_list_judges_the_page_alone():
    found, asked = judged(200)
    assert found[20:40] == list(range(22, 41, 2))
    assert asked == [list(range(21, 41))]
    assert len(found) == 200
