"""The judged queries over the demo faults: what the bench measures, held to its numbers on the small index."""

import pytest

from tests.bench.bench_relevance import answer_place, judged, ndcg

from .corpus import refs


@pytest.mark.parametrize("judged_set", ["queries", "queries_extra", "queries_held_out"])
def test_judged_queries_are_answered(judged_set):
    rows = [(row, refs(row["query"])[:10]) for row in judged() if row["set"] == judged_set]
    missing = [row["query"] for row, found in rows if answer_place(found, row["expected"]) is None]
    mean = sum(ndcg(found, row["expected"]) for row, found in rows) / len(rows)
    assert missing == []
    assert mean >= 0.92
