"""The engine against the same interface in plain Python, on random documents and random questions."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.engine import EngineQuery
from portal.search.engine import expressions as ex
from portal.search.engine.whoosh.postings import at_least, ids_of, mask_of
from tests.search.engines_of_tests import SCHEMA, document, open_engine
from tests.search.memory_engine import MemoryEngine

WORDS = st.sampled_from(["fan", "hum", "leak", "ice", "压缩", "缩机", "e6"])
KINDS = st.sampled_from(["fault", "guide"])
DOCUMENTS = st.builds(
    lambda number, words, kind: document(f"k{number}", " ".join(words), kind=kind),
    st.integers(0, 8),
    st.lists(WORDS, max_size=6),
    KINDS,
)
LEAVES = st.one_of(
    st.builds(
        ex.Terms,
        st.just("text"),
        st.lists(WORDS, min_size=1, max_size=4),
        st.sampled_from(["or", "and"]),
        minimum=st.integers(1, 3),
    ),
    st.builds(ex.Values, st.just("kind"), st.lists(KINDS, max_size=2)),
    st.just(ex.MatchAll()),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(ex.Any, st.lists(inner, min_size=1, max_size=3)),
        st.builds(ex.All, st.lists(inner, min_size=1, max_size=3)),
        st.builds(ex.Not, inner),
        st.builds(ex.Best, st.lists(inner, min_size=1, max_size=3)),
        st.builds(ex.Constant, inner),
        st.builds(ex.Should, inner, st.lists(inner, max_size=2)),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", ["whoosh", "tantivy", "opensearch"])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(DOCUMENTS, max_size=12),
    st.lists(st.tuples(st.lists(DOCUMENTS, max_size=3), st.lists(st.integers(0, 8), max_size=2)), max_size=4),
    EXPRESSIONS,
    st.lists(KINDS, min_size=1, max_size=2),
)
def test_same_documents_match_as_in_plain_python(name, first, updates, expression, kinds):
    plain = MemoryEngine(SCHEMA)
    with tempfile.TemporaryDirectory() as directory, open_engine(name, Path(directory) / "index") as engine:
        plain.rebuild(first)
        engine.rebuild({found.key: found for found in first}.values())
        for documents, numbers in updates:
            deletes = [f"k{number}" for number in numbers]
            plain.update(documents, deletes)
            engine.update(documents, deletes)
        query = EngineQuery(expression, filters={"kind": kinds}, limit=100, facets=("kind",))
        expected, found = plain.search(query), engine.search(query)
    assert {hit.key for hit in found.hits} == {hit.key for hit in expected.hits}
    assert found.total == expected.total
    assert dict(found.facets["kind"]) == dict(expected.facets["kind"])


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
