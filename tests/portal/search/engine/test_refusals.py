"""What every engine refuses, and that it goes on afterwards."""

import pytest

from portal.search.engine import EngineDocument, EngineError, EngineQuery, EngineUnavailable, SortKey
from portal.search.engine import expressions as ex
from tests.portal.search.engines_of_tests import ARTICLES, document, open_engine

#: Half a surrogate pair, as JSON may bring it: no text, and no encoding writes it.
HALF = "\ud800"


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
        EngineDocument("x", {"text": [HALF]}),
        EngineDocument("x", {}, {"kind": [HALF]}),
        EngineDocument("x", {}, {}, {"title": HALF}),
        EngineDocument(HALF),
        EngineDocument("x", group=HALF),
    ],
)
def test_a_document_that_does_not_fit_is_refused_and_nothing_is_written(engine, unfit):
    with pytest.raises(EngineError) as raised:
        engine.update([document("good", "fan"), unfit], deletes=["a"])
    assert not isinstance(raised.value, EngineUnavailable)
    assert {hit.key for hit in engine.search(EngineQuery(ex.MatchAll())).hits} == {"a", "b", "c", "d"}


def test_half_a_character_is_not_asked_for(engine):
    for ask in (
        lambda: engine.search(EngineQuery(ex.Should(ex.MatchAll(), [ex.Terms("text", [HALF])]))),
        lambda: engine.search(EngineQuery(ex.Phrase("title", ["fan", HALF]))),
        lambda: engine.search(EngineQuery(ex.Prefix("text", HALF))),
        lambda: engine.search(EngineQuery(ex.Fuzzy("text", HALF))),
        lambda: engine.search(EngineQuery(ex.MatchAll(), where=ex.Values("kind", [HALF]))),
        lambda: engine.search(EngineQuery(ex.MatchAll(), where=ex.Range("kind", None, HALF))),
        lambda: engine.search(EngineQuery(ex.MatchAll(), filters={"kind": [HALF]})),
        lambda: engine.complete("text", HALF),
        lambda: engine.complete("text", "f", filters={"kind": [HALF]}),
        lambda: engine.frequency("text", HALF),
        lambda: engine.count({"kind": [HALF]}),
        lambda: engine.update([], deletes=[HALF]),
    ):
        with pytest.raises(EngineError) as raised:
            ask()
        assert not isinstance(raised.value, EngineUnavailable)
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
            EngineQuery(ex.Terms("text", [HALF])),
            EngineQuery(ex.MatchAll(), filters={"kind": [HALF]}),
        ):
            with pytest.raises(EngineError) as raised:
                engine.search(question)
            assert not isinstance(raised.value, EngineUnavailable)
        with pytest.raises(EngineError):
            engine.update([document("x", HALF)])
        assert engine._opened() is opened
        engine.update([document("x", "fan")])
        assert engine.frequency("text", "fan") == 3
