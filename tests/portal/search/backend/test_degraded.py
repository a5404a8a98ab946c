"""The search API where the engine cannot answer: the database does, for every question the engine answers."""

import pytest
from modelsearch.index import FilterField
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from modelsearch.test.testapp.models import Author, Book

from portal.search.engine import HealthState
from tests.portal.search.api_of_tests import TITLES, backend_at, open_backend, titles
from tests.portal.search.opensearch_server import opensearch_server

COMPRESSORS = {"压缩机维修手册", "冷柜压缩机不启动"}


@pytest.fixture
def backend(db, settings, tmp_path):
    with open_backend("whoosh", settings, tmp_path) as opened:
        settings.SEARCH_URL = f"whoosh://{tmp_path}/nothing"
        assert opened.get_index_for_model(Book).engine.health().state is HealthState.MISSING
        yield opened


def test_words_are_looked_for_in_the_text(backend, caplog):
    with caplog.at_level("WARNING", logger="portal.search.backend.results"):
        assert set(titles(backend.search("压缩机", Book))) == COMPRESSORS
    assert "falls back to the database" in caplog.text
    assert backend.search("压缩机", Book).count() == 2
    assert len(backend.search("压缩机", Book)[1:5]) == 1
    assert backend.search("压缩机", Book)[1:5].count() == 1
    assert titles(backend.autocomplete("冷柜压", Book)) == ["冷柜压缩机不启动"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Phrase("空调不制冷"), {"空调不制冷"}),
        (Fuzzy("压缩机"), COMPRESSORS),
        (Fuzzy("空调") | PlainText("冷柜"), {"空调不制冷", "冷柜压缩机不启动"}),
        (And([Fuzzy("压缩机"), Boost(PlainText("维修", boost=2.0), 3.0)]), {"压缩机维修手册"}),
        (And([PlainText("压缩机"), Not(Boost(Phrase("维修"), 2.0))]), {"冷柜压缩机不启动"}),
        (MATCH_ALL, {title for title, _ in TITLES}),
        (And([MATCH_ALL, MATCH_ALL]), {title for title, _ in TITLES}),
        (Not(Not(MATCH_ALL)), {title for title, _ in TITLES}),
        (Not(PlainText(" ")), {title for title, _ in TITLES}),
        (And([]), set()),
        (Or([]), set()),
        (Or([Not(MATCH_ALL), PlainText("  ")]), set()),
        (And([PlainText("压缩机"), Fuzzy("  ")]), set()),
        (Not(MATCH_ALL), set()),
    ],
)
def test_every_kind_of_query_is_answered(backend, query, expected):
    assert set(titles(backend.search(query, Book))) == expected


def test_scores_are_none_and_facets_counted(backend):
    scored = list(backend.search("压缩机", Book).annotate_score("score"))
    assert [book.score for book in scored] == [None, None]
    assert backend.search("压缩机", Book).facet("number_of_pages") == {100: 1, 200: 1}
    assert backend.search("压缩机", Book)[:1].facet("number_of_pages") == {100: 1, 200: 1}


def test_a_facet_of_what_is_no_column_is_empty(backend, monkeypatch):
    monkeypatch.setattr(Book, "search_fields", [*Book.search_fields, FilterField("get_indexed_instance")])
    assert backend.search("压缩机", Book).facet("get_indexed_instance") == {}


def test_relations_are_fetched_with_the_results(backend, django_assert_num_queries):
    Author.objects.create(name="Li Lei").books.set(Book.objects.all())
    queryset = Book.objects.prefetch_related("authors")
    with django_assert_num_queries(2):
        assert [book.authors.all()[0].name for book in backend.search("压缩机", queryset)] == ["Li Lei", "Li Lei"]


@pytest.mark.parametrize("outage", [(502, b"<html>Bad Gateway</html>"), (400, b"{}"), (404, b"{}"), (429, b"{}")])
def test_a_cluster_that_cannot_answer_is_no_error(db, settings, outage):
    with opensearch_server() as (url, cluster), backend_at(url, settings) as backend:
        assert backend.search("压缩机", Book).annotate_score("score")[0].score > 0
        cluster.outage = outage
        assert set(titles(backend.search("压缩机", Book))) == COMPRESSORS
        assert backend.search("压缩机", Book).count() == 2
        assert backend.search(Fuzzy("压缩机"), Book).facet("number_of_pages") == {100: 1, 200: 1}
