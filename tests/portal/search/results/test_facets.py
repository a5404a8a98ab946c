"""The number beside a choice is the number of results after choosing it."""

import pytest

from portal.search.indexing.documents import DOCUMENT_SCHEMA, to_engine
from portal.search.query.answers import Filters
from portal.search.query.retrieval import CANDIDATES, find
from portal.search.results.facets import FIELDS, VALUES, chosen_values, count, engine_filters, facets_of, passes
from tests.bench.relevance_corpus import faults, others
from tests.portal.search.corpus import words
from tests.portal.search.memory_engine import MemoryEngine

QUERIES = ["洗碗机 不进水", "冰柜结霜", "E6", "不加热", "漏水 异响", "烤箱", "报警", "压缩机不启动"]


@pytest.fixture(scope="module")
def crowd():
    """The demo faults among so many others that no query looks at all that match."""
    engine = MemoryEngine(DOCUMENT_SCHEMA)
    engine.rebuild(to_engine(document) for document in (*faults(), *others(400)))
    return engine


@pytest.fixture(scope="module")
def few():
    engine = MemoryEngine(DOCUMENT_SCHEMA)
    engine.rebuild(map(to_engine, faults()))
    return engine


def narrowed(engine, query, chosen):
    found = find(query, engine, words(), {}, narrowed=engine_filters(chosen))
    return [item for item in found.ranked if passes(item.hit.stored, chosen)]


@pytest.mark.parametrize("query", QUERIES)
def test_a_count_is_what_choosing_it_leaves(few, query):
    found = find(query, few, words(), {})
    assert len(found.ranked) < CANDIDATES
    counts = count([item.hit.stored for item in found.ranked], {})
    assert counts.keys() == FIELDS.keys() == VALUES.keys()
    for name, values in counts.items():
        for value, number in values.items():
            assert len(narrowed(few, query, {name: frozenset({value})})) == number, (name, value)


@pytest.mark.parametrize("query", QUERIES)
def test_among_many_choosing_never_leaves_less_than_was_said(crowd, query):
    counts = count([item.hit.stored for item in find(query, crowd, words(), {}).ranked], {})
    for name, values in counts.items():
        for value, number in values.items():
            assert len(narrowed(crowd, query, {name: frozenset({value})})) >= number, (name, value)


def test_what_is_buried_under_others_is_found_by_narrowing(crowd):
    chosen = chosen_values(Filters(equipment="冷库"), words())
    assert "RF-LK" in chosen["equipment"]
    assert narrowed(crowd, "异响", chosen) or narrowed(crowd, "结霜", chosen)


def test_a_choice_without_results_stays_to_be_taken_back():
    chosen = chosen_values(Filters(brand="没有的牌子"), words())
    facets = facets_of(count([], chosen), Filters(brand="没有的牌子"), chosen, words().equipment_name)
    assert [(facet.name, facet.values[0].count, facet.values[0].selected) for facet in facets] == [("brand", 0, True)]
