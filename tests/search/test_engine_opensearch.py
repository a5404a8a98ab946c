"""What only the engine on a cluster has: its requests, generations behind an alias, a server that is gone."""

import pytest

from portal.search.engine import EngineError, EngineQuery, EngineUnavailable, HealthState, Schema
from portal.search.engine import expressions as ex
from portal.search.engine.opensearch import OpenSearchEngine
from portal.search.engine.opensearch.writer import ABANDONED
from tests.search.engines_of_tests import ARTICLES, SCHEMA, document
from tests.search.opensearch_server import opensearch_server

ALL = EngineQuery(ex.MatchAll(), limit=100)


@pytest.fixture
def server():
    with opensearch_server() as running:
        yield running


@pytest.fixture
def engine(server):
    opened = OpenSearchEngine(server[0], "Documents", SCHEMA)
    opened.rebuild(ARTICLES)
    yield opened
    opened.close()


def test_a_rebuild_swaps_the_alias_and_removes_the_old_generation(engine, server):
    _, cluster = server
    (first,) = cluster.aliases["test-documents"]
    second = engine.rebuild(ARTICLES[:1])
    assert cluster.aliases["test-documents"] == {second}
    assert first not in cluster.indexes
    assert engine.search(ALL).total == 1


def test_what_changed_during_a_rebuild_is_brought_in(engine):
    rebuild = engine.start_rebuild()
    rebuild.add([document("new", "fan"), document("gone", "fan")])
    assert engine.search(ALL).total == 4
    rebuild.commit(lambda: ([document("new", "changed")], ["gone"]))
    assert {hit.key for hit in engine.search(ALL).hits} == {"new"}
    assert engine.search(EngineQuery(ex.Terms("text", ["changed"]))).total == 1


def test_leftovers_of_killed_rebuilds_go_after_a_day(engine, server):
    _, cluster = server
    young, old = engine.start_rebuild(), engine.start_rebuild()
    cluster.indexes[old.index].created -= (ABANDONED + 60) * 1000
    engine.rebuild(ARTICLES)
    assert young.index in cluster.indexes
    assert old.index not in cluster.indexes
    young.abort()


def test_an_index_of_another_version_is_outdated(engine, server):
    newer = OpenSearchEngine(server[0], "Documents", Schema(SCHEMA.fields, "2"))
    assert newer.health().state is HealthState.OUTDATED
    with pytest.raises(EngineUnavailable):
        newer.search(ALL)
    with pytest.raises(EngineUnavailable):
        newer.update(ARTICLES)
    newer.close()


def test_a_server_that_is_gone_degrades_search():
    with opensearch_server() as (url, _):
        engine = OpenSearchEngine(url, "documents", SCHEMA)
        engine.rebuild(ARTICLES)
        assert engine.search(ALL).total == 4
    with pytest.raises(EngineUnavailable):
        engine.search(ALL)
    assert engine.health().state is HealthState.DAMAGED
    engine.close()


def test_an_alias_that_went_away_degrades_search(engine, server):
    _, cluster = server
    assert engine.search(ALL).total == 4
    cluster.indexes.clear()
    with pytest.raises(EngineUnavailable):
        engine.search(ALL)


def test_many_documents_go_in_several_requests(engine):
    engine.rebuild(document(f"n{number}", "fan") for number in range(1203))
    assert engine.search(EngineQuery(ex.Terms("text", ["fan"]), limit=2000)).total == 1203


def test_a_document_the_server_refuses_is_an_error(engine, server):
    _, cluster = server
    (name,) = cluster.aliases["test-documents"]
    del cluster.indexes[name].properties["brand"]
    with pytest.raises(EngineError, match="refused 1 documents"):
        engine.update([document("x", "fan", brand="gree")])
