"""The engines against the same interface in plain Python, on random documents and random questions."""

import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.engine import EngineDocument, EngineQuery, EngineResults, SortKey
from portal.search.engine import expressions as ex
from portal.search.engine.whoosh.postings import at_least, ids_of, mask_of
from tests.portal.search.engines_of_tests import SCHEMA, document, open_engine
from tests.portal.search.memory_engine import MemoryEngine

#: Scores of two engines are equal to so much of them: mean lengths are rounded on one, lengths on the other.
NEARLY = 0.02
WORDS = st.sampled_from(["fan", "fans", "hum", "leak", "ice", "压缩", "缩机", "e6"])
KINDS = st.sampled_from(["fault", "guide"])
GRADES = st.sampled_from(["", "low", "high"])
DOCUMENTS = st.builds(
    lambda number, words, title, filler, kind, grade: document(
        f"k{number}", " ".join([*words, *["other"] * filler]), title=" ".join(title), kind=kind, grade=grade
    ),
    st.integers(0, 8),
    st.lists(WORDS, max_size=6),
    st.lists(WORDS, max_size=4),
    st.sampled_from([0, 0, 3, 25]),
    KINDS,
    GRADES,
)
FIELDS = st.sampled_from(["text", "title"])
BOUNDS = st.one_of(st.none(), st.sampled_from(["high", "k3", "low", "m"]))
LEAVES = st.one_of(
    st.builds(
        ex.Terms,
        FIELDS,
        st.lists(WORDS, min_size=1, max_size=4),
        st.sampled_from(["or", "and"]),
        minimum=st.integers(1, 3),
    ),
    st.builds(ex.Phrase, FIELDS, st.lists(WORDS, min_size=1, max_size=3)),
    st.builds(ex.Prefix, FIELDS, st.sampled_from(["f", "fan", "压", "缩机", "x"])),
    st.builds(ex.Fuzzy, FIELDS, st.sampled_from(["fan", "fnas", "lesk", "压机", "zzzz"]), st.integers(1, 2)),
    st.builds(ex.Values, st.just("kind"), st.lists(KINDS, max_size=2)),
    st.builds(ex.Range, st.sampled_from(["ref", "grade"]), BOUNDS, BOUNDS, st.booleans(), st.booleans()),
    st.just(ex.MatchAll()),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(ex.Any, st.lists(inner, min_size=1, max_size=3)),
        st.builds(ex.All, st.lists(inner, min_size=1, max_size=3)),
        st.builds(ex.Not, inner),
        st.builds(ex.Best, st.lists(inner, min_size=1, max_size=3), st.sampled_from([0.0, 0.3])),
        st.builds(ex.Boost, inner, st.sampled_from([0.5, 3.0])),
        st.builds(ex.Constant, inner),
        st.builds(ex.Should, inner, st.lists(inner, max_size=2)),
    ),
    max_leaves=6,
)
UPDATES = st.lists(st.tuples(st.lists(DOCUMENTS, max_size=3), st.lists(st.integers(0, 8), max_size=2)), max_size=4)
GRADE_KEYS = st.builds(SortKey, st.just("grade"), st.booleans(), st.booleans())
#: The last field is different in every document, so that the order is one and the same everywhere.
ORDERS = st.builds(
    lambda keys, descending: [*keys, SortKey("ref", descending)], st.lists(GRADE_KEYS, max_size=1), st.booleans()
)


def latest(documents: Sequence[EngineDocument]) -> list[EngineDocument]:
    return list({found.key: found for found in documents}.values())


def check_same(found: EngineResults, expected: EngineResults) -> None:
    assert {hit.key for hit in found.hits} == {hit.key for hit in expected.hits}
    assert found.total == expected.total
    assert dict(found.facets["kind"]) == dict(expected.facets["kind"])


def check_scores(found: EngineResults, expected: EngineResults, tolerance: float) -> None:
    scores = {hit.key: hit.score for hit in expected.hits}
    assert {hit.key: hit.score for hit in found.hits} == pytest.approx(scores, rel=tolerance, abs=1e-5)
    for first, second in pairwise(found.hits):
        assert first.score >= second.score


@pytest.mark.parametrize("name", ["whoosh", "tantivy", "opensearch"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(DOCUMENTS, max_size=12), UPDATES, EXPRESSIONS, st.lists(KINDS, min_size=1, max_size=2), ORDERS, st.data()
)
def test_same_answers_as_in_plain_python(name, first, updates, expression, kinds, order, data):
    plain = MemoryEngine(SCHEMA)
    query = EngineQuery(expression, filters={"kind": kinds}, limit=100, facets=("kind",))
    by_value = EngineQuery(expression, filters={"kind": kinds}, limit=100, order=order)
    start, size = data.draw(st.integers(0, 4)), data.draw(st.integers(1, 4))
    page = EngineQuery(expression, filters={"kind": kinds}, limit=size, offset=start, order=order)
    with tempfile.TemporaryDirectory() as directory, open_engine(name, Path(directory) / "index") as engine:
        plain.rebuild(first)
        engine.rebuild(latest(first))
        for documents, numbers in updates:
            deletes = [f"k{number}" for number in numbers]
            plain.update(documents, deletes)
            engine.update(documents, deletes)
        updated = engine.search(query)
        check_same(updated, plain.search(query))
        ordered = [hit.key for hit in plain.search(by_value).hits]
        assert [hit.key for hit in engine.search(by_value).hits] == ordered
        assert [hit.key for hit in engine.search(page).hits] == ordered[start : start + size]
        for word in ("fan", "ice"):
            assert engine.frequency("text", word, {"kind": kinds}) == plain.frequency("text", word, {"kind": kinds})
        assert engine.complete("text", "f", 9, {"kind": kinds}) == plain.complete("text", "f", 9, {"kind": kinds})
        engine.rebuild(plain.documents())
        rebuilt = engine.search(query)
    check_same(rebuilt, plain.search(query))
    if name != "opensearch":
        check_scores(rebuilt, plain.search(query), NEARLY)
    if name == "whoosh":
        check_scores(updated, rebuilt, 1e-5)


@given(st.sets(st.integers(0, 3000)))
def test_bits_hold_exactly_the_numbers(numbers):
    mask = mask_of(sorted(numbers))
    assert ids_of(mask) == sorted(numbers)
    assert mask.bit_count() == len(numbers)


@given(st.lists(st.sets(st.integers(0, 40)), max_size=9), st.integers(1, 10))
def test_at_least_counts_every_document(sets, minimum):
    counted = at_least([mask_of(sorted(numbers)) for numbers in sets], minimum)
    everyone = set().union(*sets) if sets else set()
    assert ids_of(counted) == sorted(n for n in everyone if sum(n in numbers for numbers in sets) >= minimum)
