"""The judged queries over the demo faults: what the bench measures, held to its numbers on the small index."""

import pytest

from tests.bench.bench_relevance import SETS, answer_place, judged, ndcg
from tests.portal.search.corpus import refs

#: Answers known to be missed.
MISSED = {"queries_field": 3, "queries_phone": 2}


@pytest.mark.parametrize("judged_set", SETS)
def test_judged_queries_are_answered(judged_set):
    rows = [(row, refs(row["query"])[:10]) for row in judged() if row["set"] == judged_set]
    missing = [row["query"] for row, found in rows if answer_place(found, row["expected"]) is None]
    mean = sum(ndcg(found, row["expected"]) for row, found in rows) / len(rows)
    assert len(missing) <= MISSED.get(judged_set, 0), missing
    assert mean >= 0.92
