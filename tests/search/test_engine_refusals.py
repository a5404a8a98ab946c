"""What every engine refuses, and that it goes on afterwards."""

import pytest

from portal.search.engine import EngineDocument, EngineError, EngineQuery, EngineUnavailable, SortKey
from portal.search.engine import expressions as ex
from tests.search.engines_of_tests import ARTICLES, document, open_engine


@pytest.fixture(params=["whoosh", "tantivy", "opensearch"])
def engine(request, tmp_path):
    with open_engine(request.param, tmp_path / "index") as opened:
        opened.rebuild(ARTICLES)
        yield opened


@pytest.mark.parametrize(
    "query",
    [
        EngineQuery(ex.Terms("absent", ["fan"])),
        EngineQuery(ex.Any([ex.MatchAll(), ex.Not(ex.Prefix("absent", "f"))])),
        EngineQuery(ex.MatchAll(), where=ex.Range("absent", "a")),
        EngineQuery(ex.MatchAll(), filters={"absent": ["fan"]}),
        EngineQuery(ex.MatchAll(), facets=("absent",)),
        EngineQuery(ex.MatchAll(), facets=("text",)),
        EngineQuery(ex.MatchAll(), order=[SortKey("kind")]),
    ],
)
def test_a_question_a_field_cannot_answer_is_refused(engine, query):
    with pytest.raises(EngineError, match=r"absent|text|kind") as raised:
        engine.search(query)
    assert not isinstance(raised.value, EngineUnavailable)


def test_fields_there_are_not_have_no_terms(engine):
    with pytest.raises(EngineError, match="absent"):
        engine.frequency("absent", "fan")
    with pytest.raises(EngineError, match="absent"):
        engine.complete("absent", "f")
    with pytest.raises(EngineError, match="absent"):
        engine.count({"absent": ["fan"]})


@pytest.mark.parametrize(
    "unfit",
    [
        EngineDocument("x", {"text": ["fan belt"]}),
        EngineDocument("x", {"text": ["fan", ""]}),
        EngineDocument("x", {"text": ["fan\x1e"]}),
        EngineDocument("x", {"absent": ["fan"]}),
        EngineDocument("x", {}, {"ref": ["1", "2"]}),
    ],
)
def test_a_document_that_does_not_fit_is_refused(engine, unfit):
    with pytest.raises(EngineError):
        engine.update([unfit])
    assert engine.search(EngineQuery(ex.MatchAll())).total == 4


def test_a_field_of_the_wrong_kind_is_refused(engine):
    with pytest.raises(EngineError):
        engine.update([EngineDocument("x", {"kind": ["fault"]})])
    assert engine.search(EngineQuery(ex.MatchAll())).total == 4


@pytest.mark.parametrize("name", ["whoosh", "tantivy"])
def test_a_faulty_question_does_not_close_the_index(name, tmp_path):
    with open_engine(name, tmp_path / "index") as engine:
        engine.rebuild(ARTICLES)
        opened = engine._opened()
        for question in (
            EngineQuery(ex.Terms("absent", ["fan"])),
            EngineQuery(ex.Terms("text", ["\ud800"])),
            EngineQuery(ex.MatchAll(), filters={"kind": ["\ud800"]}),
        ):
            with pytest.raises(EngineError) as raised:
                engine.search(question)
            assert not isinstance(raised.value, EngineUnavailable)
        with pytest.raises(EngineError):
            engine.update([document("x", "\ud800")])
        assert engine._opened() is opened
        engine.update([document("x", "fan")])
        assert engine.frequency("text", "fan") == 3
