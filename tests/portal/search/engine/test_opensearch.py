"""What only the engine on a cluster has: its requests, generations behind an alias, a server that is gone."""

import pytest

from portal.search.engine import EngineError, EngineQuery, EngineUnavailable, HealthState, Schema, SortKey
from portal.search.engine import expressions as ex
from portal.search.engine.opensearch import OpenSearchEngine, writer
from portal.search.engine.opensearch import engine as engine_module
from portal.search.engine.opensearch.client import Refused
from tests.portal.search import opensearch_limits
from tests.portal.search.engines_of_tests import ARTICLES, SCHEMA, document
from tests.portal.search.opensearch_server import opensearch_server

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


def test_a_list_longer_than_the_servers_window_comes_page_by_page(engine, monkeypatch):
    monkeypatch.setattr(engine_module, "WINDOW", 50)
    monkeypatch.setattr(opensearch_limits, "MAX_RESULT_WINDOW", 50)
    engine.rebuild(document(f"n{number:03}", "fan " * (number % 7 + 1)) for number in range(230))
    every = engine.search(EngineQuery(ex.Terms("text", ["fan"]), limit=10_000_000))
    assert every.total == 230
    assert len({hit.key for hit in every.hits}) == 230
    assert [hit.score for hit in every.hits] == sorted((hit.score for hit in every.hits), reverse=True)
    middle = engine.search(EngineQuery(ex.Terms("text", ["fan"]), limit=60, offset=40, facets=("kind",)))
    assert middle.hits == every.hits[40:100]
    assert middle.facets == {"kind": {None: 230}}
    assert engine.search(EngineQuery(ex.MatchAll(), limit=20, offset=225)).hits != []
    assert engine.search(EngineQuery(ex.MatchAll(), limit=20, offset=500)).hits == []


def test_an_ordered_list_goes_on_behind_documents_without_a_value(engine, monkeypatch):
    monkeypatch.setattr(engine_module, "WINDOW", 3)
    monkeypatch.setattr(opensearch_limits, "MAX_RESULT_WINDOW", 3)
    engine.rebuild([document(f"n{number}", "fan", ref=f"r{9 - number}" if number % 2 else "") for number in range(9)])
    hits = engine.search(EngineQuery(ex.MatchAll(), limit=100, order=[SortKey("ref")])).hits
    assert [hit.key for hit in hits] == ["n7", "n5", "n3", "n1", "n0", "n2", "n4", "n6", "n8"]


def test_more_values_than_one_query_takes_are_asked_in_parts(engine):
    values = [f"r{number}" for number in range(opensearch_limits.MAX_TERMS + 5)] + ["a"]
    assert engine.search(EngineQuery(ex.MatchAll(), filters={"ref": values})).total == 1
    assert engine.search(EngineQuery(ex.MatchAll(), where=ex.Values("ref", values))).total == 1
    assert engine.search(EngineQuery(ex.MatchAll(), where=ex.Values("ref", []))).total == 0


def test_a_prefix_is_one_clause_and_stands_for_every_term(engine):
    engine.rebuild(document(f"n{number}", f"fan{number}") for number in range(1100))
    query = ex.All([ex.Any([ex.Prefix("text", "fan"), ex.Prefix("title", "fan")]) for _ in range(100)])
    assert engine.search(EngineQuery(query)).total == 1100


def test_too_many_clauses_are_refused(engine):
    with pytest.raises(Refused, match="too_many_nested_clauses"):
        engine.search(EngineQuery(ex.Terms("text", [f"w{number}" for number in range(1025)])))


def test_all_facets_together_stay_below_the_servers_limit(engine, monkeypatch):
    monkeypatch.setattr(engine_module, "MAX_FACET_VALUES", 40)
    monkeypatch.setattr(opensearch_limits, "MAX_BUCKETS", 40)
    engine.rebuild(document(f"n{number}", kind=f"k{number}", brand=f"b{number}") for number in range(50))
    facets = engine.search(EngineQuery(ex.MatchAll(), facets=("kind", "brand"))).facets
    assert [len(counts) for counts in facets.values()] == [20, 20]


def test_a_bulk_request_stays_below_the_servers_limit(engine, monkeypatch):
    monkeypatch.setattr(writer, "BULK_BYTES", 20_000)
    monkeypatch.setattr(opensearch_limits, "MAX_CONTENT", 30_000)
    engine.rebuild(document(f"n{number}", "fan " * 2_000) for number in range(20))
    assert engine.search(ALL).total == 20


@pytest.mark.parametrize(
    "outage",
    [
        (502, b"<html>502 Bad Gateway</html>"),
        (200, b"<html>Maintenance</html>"),
        (200, b"[]"),
        (401, b"Unauthorized"),
        (429, b'{"error": {"type": "rejected_execution_exception"}, "status": 429}'),
        (503, b'{"error": {"type": "cluster_block_exception"}, "status": 503}'),
    ],
)
def test_what_is_no_answer_of_the_server_degrades_search(engine, server, outage):
    server[1].outage = outage
    for ask in (
        lambda: engine.search(ALL),
        lambda: engine.update([document("x", "fan")]),
        lambda: engine.complete("text", "f"),
        engine.start_rebuild,
    ):
        with pytest.raises(EngineUnavailable):
            ask()
    assert engine.health().state is HealthState.DAMAGED


def test_an_alias_lost_before_writing_leaves_no_index_of_its_name(engine, server, monkeypatch):
    _, cluster = server
    healthy = engine.health()
    monkeypatch.setattr(engine, "health", lambda: healthy)
    cluster.indexes.clear()
    cluster.aliases.clear()
    with pytest.raises(EngineUnavailable):
        engine.update([document("x", "fan")])
    assert cluster.indexes == {}
    monkeypatch.undo()
    engine.rebuild(ARTICLES)
    assert engine.search(ALL).total == 4
