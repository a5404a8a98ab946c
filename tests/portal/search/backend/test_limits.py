"""However much is asked of our backend, little is looked up; however much is found, all of it comes."""

import pytest
from modelsearch.query import MATCH_ALL, Fuzzy, Phrase, PlainText
from modelsearch.test.testapp.models import Book

from portal.search.analysis.words import MAX_QUERY_TOKENS
from portal.search.backend import leaves
from portal.search.backend.compiler import EngineAutocompleteQueryCompiler, EngineSearchQueryCompiler
from portal.search.backend.mapping import MODELS
from portal.search.engine import EngineQuery
from portal.search.engine import expressions as ex
from portal.search.engine.opensearch import engine as opensearch
from tests.portal.search import opensearch_limits
from tests.portal.search.api_of_tests import ENGINES, TITLES, make_book, open_backend, rebuild, titles

HAN = "".join(chr(0x4E00 + number) for number in range(10_000))
WORDS = " ".join(f"word{number}" for number in range(20_000))
LONG = {
    "han": HAN,
    "words": WORDS,
    "single characters": " ".join(HAN),
    "one word": "x" * 100_000,
    "behind spaces": " " * 100_000 + "压缩机",
    "ligatures": "㍿" * 5_000,
}


@pytest.fixture(params=ENGINES)
def backend(request, db, settings, tmp_path):
    with open_backend(request.param, settings, tmp_path) as opened:
        yield opened


def looked_up(node: ex.Expression) -> list[tuple[str, str]]:
    """Return every token an expression looks up, with its column."""
    if isinstance(node, ex.Terms | ex.Phrase):
        return [(node.field, token) for token in node.tokens]
    if isinstance(node, ex.Prefix):
        return [(node.field, node.text)]
    if isinstance(node, ex.Fuzzy):
        return [(node.field, node.token)]
    if isinstance(node, ex.Not | ex.Boost):
        return looked_up(node.child)
    return [pair for child in getattr(node, "children", ()) for pair in looked_up(child)]


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("kind", [PlainText, Phrase, Fuzzy])
def test_a_long_query_looks_up_no_more_than_a_short_one(text, kind):
    compiler = EngineSearchQueryCompiler(Book.objects.all(), kind(text), fields=["title"])
    assert 0 < len(looked_up(compiler.expression())) <= MAX_QUERY_TOKENS


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_beginning_completes_no_more_than_a_short_one(text):
    compiler = EngineAutocompleteQueryCompiler(Book.objects.all(), text)
    assert 0 < len(looked_up(compiler.expression())) <= MAX_QUERY_TOKENS


def test_only_some_words_are_looked_up_with_mistakes():
    words = leaves.fuzzy_words(WORDS, [("title", 1.0)])
    assert [type(word) for word in words[: leaves.MAX_FUZZY + 1]] == [ex.Fuzzy] * leaves.MAX_FUZZY + [ex.Terms]
    assert len(words) == MAX_QUERY_TOKENS


def test_the_beginning_of_a_long_query_still_finds(backend):
    assert titles(backend.search(Phrase("The compressor handbook" + " " * 5_000), Book)) == ["The compressor handbook"]
    sentence = "压缩" * 400
    make_book(sentence)
    rebuild(backend, Book)
    assert titles(backend.search(Phrase(sentence), Book)) == [sentence]
    assert sentence in titles(backend.search(sentence, Book))


def test_a_list_without_an_end_comes_whole(backend, monkeypatch):
    monkeypatch.setattr(opensearch, "WINDOW", 3)
    monkeypatch.setattr(opensearch_limits, "MAX_RESULT_WINDOW", 3)
    rebuild(backend, Book)
    everything = [title for title, _ in TITLES]
    assert sorted(titles(backend.search(MATCH_ALL, Book))) == sorted(everything)
    by_pages = backend.search(MATCH_ALL, Book.objects.order_by("number_of_pages"), order_by_relevance=False)
    assert titles(by_pages) == everything
    assert titles(by_pages[1:]) == everything[1:]
    assert titles(by_pages[2:4]) == everything[2:4]


def test_more_keys_than_one_query_takes(backend):
    every = list(range(1, 70_000))
    assert backend.search("压缩机", Book.objects.filter(pk__in=every)).count() == 2
    assert titles(backend.search("压缩机", Book.objects.exclude(pk__in=every))) == []


def test_many_values_of_a_field_with_several(backend):
    engine = backend.get_index_for_model(Book).engine
    labels = [f"shop.Model{number}" for number in range(600)]
    for values, total in ((labels, 0), ([*labels, "searchtests.Book"], len(TITLES))):
        assert engine.search(EngineQuery(ex.MatchAll(), where=ex.Values(MODELS, values))).total == total
