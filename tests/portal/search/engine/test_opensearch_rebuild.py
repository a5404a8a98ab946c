"""Rebuilding on a cluster: generations behind an alias, one rebuild at a time, answers that are lost."""

import pytest

from portal.search.engine import EngineBusy, EngineQuery, EngineUnavailable
from portal.search.engine import expressions as ex
from portal.search.engine.opensearch import OpenSearchEngine, lease
from portal.search.engine.opensearch.client import Refused
from portal.search.engine.opensearch.writer import ABANDONED
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


def lose_answers(monkeypatch, client, method, path):
    """Let the server do what is asked at a path, and let no answer come."""
    request = client.transport.perform_request

    def lost(asked, where, **kwargs):
        answer = request(asked, where, **kwargs)
        if asked == method and path in where:
            raise EngineUnavailable("timed out")
        return answer

    monkeypatch.setattr(client.transport, "perform_request", lost)


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


def test_leftovers_of_killed_rebuilds_go_after_a_day(engine, server, monkeypatch):
    _, cluster = server
    monkeypatch.setattr(lease, "LEASE", -1.0)
    young, old = engine.start_rebuild(), engine.start_rebuild()
    cluster.indexes[old.index].created -= (ABANDONED + 60) * 1000
    engine.rebuild(ARTICLES)
    assert young.index in cluster.indexes
    assert old.index not in cluster.indexes


def test_one_rebuild_at_a_time(engine, server):
    other = OpenSearchEngine(server[0], "Documents", SCHEMA)
    apart = OpenSearchEngine(server[0], "Others", SCHEMA)
    with engine.start_rebuild() as first:
        with pytest.raises(EngineBusy):
            other.start_rebuild()
        apart.rebuild(ARTICLES)
        first.commit()
    other.rebuild(ARTICLES[:1])
    assert engine.search(ALL).total == 1
    with engine.start_rebuild():
        pass
    other.rebuild(ARTICLES)
    other.close()
    apart.close()


def test_the_lock_of_a_killed_rebuild_expires_and_who_wakes_late_does_not_swap(engine, server, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(lease, "LEASE", -1.0)
        late = engine.start_rebuild()
        late.add(ARTICLES[:1])
    with engine.start_rebuild() as newer:
        newer.add(ARTICLES[:2])
        with pytest.raises(EngineBusy):
            late.commit()
        assert late.index not in server[1].indexes
        newer.commit()
    assert engine.search(ALL).total == 2


def test_two_that_take_an_expired_lock_at_once_do_not_both_get_it(engine, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(lease, "LEASE", -1.0)
        engine.start_rebuild()
    request = engine.client.transport.perform_request

    def overtaken(method, path, params=None, **kwargs):
        if method == "PUT" and "if_seq_no" in params:
            monkeypatch.undo()
            engine.start_rebuild()
        return request(method, path, params=params, **kwargs)

    monkeypatch.setattr(engine.client.transport, "perform_request", overtaken)
    with pytest.raises(EngineBusy):
        engine.start_rebuild()


def test_a_lock_taken_though_the_answer_is_lost_is_kept(engine, monkeypatch):
    rebuild = engine.start_rebuild()
    lose_answers(monkeypatch, engine.client, "PUT", "rebuilding/_doc")
    with pytest.raises(EngineUnavailable):
        rebuild.add(ARTICLES * 200)
    monkeypatch.undo()
    rebuild.add(ARTICLES)
    rebuild.commit()
    engine.rebuild(ARTICLES)


def test_a_swap_done_though_the_answer_is_lost_is_a_commit(engine, server, monkeypatch):
    rebuild = engine.start_rebuild()
    rebuild.add(ARTICLES[:1])
    lose_answers(monkeypatch, engine.client, "POST", "_aliases")
    name = rebuild.commit()
    assert server[1].aliases["test-documents"] == {name}
    assert engine.search(ALL).total == 1


def test_a_generation_that_may_be_in_use_is_not_deleted(engine, server, monkeypatch):
    _, cluster = server
    (before,) = cluster.aliases["test-documents"]
    rebuild = engine.start_rebuild()
    rebuild.add(ARTICLES[:1])
    request = engine.client.transport.perform_request

    def gone(method, path, **kwargs):
        answer = request(method, path, **kwargs)
        if path == "/_aliases":
            cluster.outage = (503, b"")
            raise EngineUnavailable("timed out")
        return answer

    monkeypatch.setattr(engine.client.transport, "perform_request", gone)
    with pytest.raises(EngineUnavailable):
        rebuild.commit()
    rebuild.abort()
    cluster.outage = None
    assert {before, rebuild.index} <= set(cluster.indexes)
    assert engine.search(ALL).total == 1


def test_a_generation_the_server_does_not_swap_in_is_deleted(engine, server):
    _, cluster = server
    before = set(cluster.indexes)
    rebuild = engine.start_rebuild()
    rebuild.add(ARTICLES[:1])

    def lose_the_old_one():
        cluster.aliases["test-documents"].add("away")
        return (), ()

    with pytest.raises(Refused):
        rebuild.commit(lose_the_old_one)
    assert set(cluster.indexes) == before


def test_a_failed_rebuild_keeps_its_own_error_and_the_old_generation(engine, server):
    _, cluster = server
    before = dict(cluster.indexes)
    rebuild = engine.start_rebuild()

    def fail():
        raise ValueError("no catching up")

    with pytest.raises(ValueError, match="no catching up"):
        rebuild.commit(fail)
    rebuild.abort()
    assert cluster.indexes == before
    other = engine.start_rebuild()
    cluster.outage = (503, b"")
    other.abort()
    cluster.outage = None
    assert engine.search(ALL).total == 4


def test_an_old_generation_that_stays_does_not_undo_the_swap(engine, server, monkeypatch):
    rebuild = engine.start_rebuild()
    rebuild.add(ARTICLES[:1])
    request = rebuild.client.transport.perform_request

    def refuse_deletes(method, path, **kwargs):
        if method == "DELETE":
            raise EngineUnavailable("not now")
        return request(method, path, **kwargs)

    monkeypatch.setattr(rebuild.client.transport, "perform_request", refuse_deletes)
    assert rebuild.commit() in server[1].aliases["test-documents"]
    assert engine.search(ALL).total == 1
