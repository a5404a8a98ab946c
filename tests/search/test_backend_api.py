"""Wagtail's search API on our backend: what the peer's suite does not ask."""

import datetime as dt

import pytest
from django.db.models import F, Value
from modelsearch.backends import get_search_backend
from modelsearch.backends.base import FilterError, FilterFieldError, OrderByFieldError
from modelsearch.query import MATCH_ALL, Boost, Fuzzy, Phrase, PlainText, SearchQuery
from modelsearch.test.testapp.models import Author, Book, Meeting, Novel

from portal.search.engine.registry import close_engines, get_engine

TITLES = [
    ("压缩机维修手册", 100),
    ("冷柜压缩机不启动", 200),
    ("空调不制冷", 300),
    ("The compressor handbook", 400),
]


@pytest.fixture
def backend(db, settings, tmp_path):
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backend", "INDEX": "api"}}
    for title, pages in TITLES:
        Book.objects.create(title=title, number_of_pages=pages, publication_date=dt.date(2026, 3, 18))
    found = get_search_backend("default")
    rebuild(found, Book)
    yield found
    close_engines()


def rebuild(backend, model):
    rebuilder = backend.rebuilder_class(backend.get_index_for_model(model))
    index = rebuilder.start()
    index.add_items(model, model.objects.all())
    rebuilder.finish()


def titles(results) -> list[str]:
    return [book.title for book in results]


def test_a_chinese_word_is_found_inside_a_longer_run(backend):
    assert set(titles(backend.search("压缩机", Book))) == {"压缩机维修手册", "冷柜压缩机不启动"}
    assert titles(backend.search("空調", Book)) == ["空调不制冷"]
    assert titles(backend.search("启动", Book)) == ["冷柜压缩机不启动"]


def test_a_single_character_is_a_beginning(backend):
    assert titles(backend.search("冷", Book)) != []
    assert titles(backend.autocomplete("冷", Book)) != []
    assert titles(backend.autocomplete("冷柜压", Book)) == ["冷柜压缩机不启动"]


def test_phrases_in_chinese_end_anywhere(backend):
    assert titles(backend.search(Phrase("柜压缩"), Book)) == ["冷柜压缩机不启动"]
    assert titles(backend.search(Phrase("缩机手册"), Book)) == []
    assert titles(backend.search(Phrase("compressor handbook"), Book)) == ["The compressor handbook"]


def test_fuzzy_forgives_letters(backend):
    assert titles(backend.search(Fuzzy("compresor"), Book)) == ["The compressor handbook"]
    assert titles(backend.search(Fuzzy("handbok compresor", operator="and"), Book)) == ["The compressor handbook"]
    assert titles(backend.search(Fuzzy("cmprssr"), Book)) == []
    assert set(titles(backend.search(Fuzzy("压缩"), Book))) == {"压缩机维修手册", "冷柜压缩机不启动"}


@pytest.mark.parametrize("query", ["", "!!!", "*:*", '"', "'; DROP TABLE", "\x00\x1f", "🧊", "字" * 10_000, "*"])
def test_odd_queries_are_answered(backend, query):
    list(backend.search(query, Book))
    list(backend.autocomplete(query, Book))


def test_boosts_add_up_through_the_tree(backend):
    plain = backend.search(PlainText("压缩机"), Book).annotate_score("score")
    boosted = backend.search(Boost(PlainText("压缩机"), 3.0), Book).annotate_score("score")
    assert boosted[0].score == pytest.approx(3 * plain[0].score)


def test_what_cannot_be_answered_raises_the_documented_error(backend):
    class Newfangled(SearchQuery):
        pass

    with pytest.raises(NotImplementedError):
        list(backend.search(Newfangled(), Book))
    with pytest.raises(NotImplementedError):
        list(backend.autocomplete(Phrase("压缩"), Book))
    with pytest.raises(NotImplementedError):
        list(backend.autocomplete(Fuzzy("压缩"), Book))
    with pytest.raises(FilterError):
        list(backend.search(MATCH_ALL, Book.objects.filter(title__contains="压")))
    with pytest.raises(FilterError):
        list(backend.search(MATCH_ALL, Book.objects.filter(publication_date__month=3)))
    with pytest.raises(FilterError):
        list(backend.search(MATCH_ALL, Book.objects.filter(number_of_pages=F("id"))))
    with pytest.raises(FilterFieldError):
        list(backend.search(MATCH_ALL, Book.objects.filter(summary="x")))
    with pytest.raises(OrderByFieldError):
        list(backend.search(MATCH_ALL, Book.objects.order_by("?"), order_by_relevance=False))
    with pytest.raises(OrderByFieldError):
        list(backend.search(MATCH_ALL, Book.objects.order_by(Value(1)), order_by_relevance=False))


def test_filters_on_the_key_itself(backend):
    first = Book.objects.order_by("pk").first()
    assert titles(backend.search(MATCH_ALL, Book.objects.filter(pk=first.pk))) == [first.title]
    assert backend.search(MATCH_ALL, Book.objects.exclude(pk=first.pk)).count() == 3
    assert backend.search(MATCH_ALL, Book.objects.filter(pk__in=[first.pk])).count() == 1
    assert backend.search(MATCH_ALL, Book.objects.filter(pk__gt=first.pk)).count() == 3


def test_filters_with_values_of_the_database(backend):
    assert backend.search(MATCH_ALL, Book.objects.filter(number_of_pages=Value(300))).count() == 1
    assert backend.search(MATCH_ALL, Book.objects.filter(number_of_pages__range=(150, 300))).count() == 2
    assert backend.search(MATCH_ALL, Book.objects.filter(number_of_pages__in=[])).count() == 0
    assert backend.search(MATCH_ALL, Book.objects.filter(title__startswith="空")).count() == 1


def test_ordering_by_key_reversed_and_by_habit(backend):
    keys = list(Book.objects.order_by("pk").values_list("pk", flat=True))

    def ordered(queryset):
        return [book.pk for book in backend.search(MATCH_ALL, queryset, order_by_relevance=False)]

    assert ordered(Book.objects.order_by("pk")) == keys
    assert ordered(Book.objects.order_by("-pk")) == keys[::-1]
    assert ordered(Book.objects.order_by("number_of_pages").reverse()) == keys[::-1]
    assert ordered(Book.objects.order_by(F("number_of_pages").desc())) == keys[::-1]
    assert ordered(Book.objects.order_by(F("number_of_pages"))) == keys


def test_conditions_on_one_join_hold_for_one_row(backend):
    long, short = (Book.objects.get(number_of_pages=pages) for pages in (400, 100))
    author = Author.objects.create(name="Li Lei")
    long.authors.add(author)
    short.authors.add(author)
    alone = Author.objects.create(name="Han Meimei")
    rebuild(backend, Author)
    today, other = dt.date(2026, 3, 18), dt.date(2020, 1, 1)
    Book.objects.filter(pk=short.pk).update(publication_date=other)
    rebuild(backend, Author)

    def found(**conditions):
        return {author.name for author in backend.search(MATCH_ALL, Author.objects.filter(**conditions))}

    assert found(books__number_of_pages__gt=300, books__publication_date=today) == {"Li Lei"}
    assert found(books__number_of_pages__gt=300, books__publication_date=other) == set()
    twice = Author.objects.filter(books__number_of_pages__gt=300).filter(books__publication_date=other)
    assert {author.name for author in backend.search(MATCH_ALL, twice)} == {"Li Lei"}
    assert found(books__number_of_pages__isnull=True) == {alone.name}


def test_counting_and_paging_do_not_fetch_rows(backend, django_assert_num_queries):
    results = backend.search("压缩机", Book)
    with django_assert_num_queries(0):
        assert results.count() == 2
        assert results.facet("number_of_pages") == {100: 1, 200: 1}
    with django_assert_num_queries(1):
        assert len(results[:1]) == 1


def test_facets_give_values_not_terms(backend):
    Meeting.objects.create(name="早会", start_time=dt.time(8, 0))
    rebuild(backend, Meeting)
    assert backend.search(MATCH_ALL, Meeting).facet("start_time") == {dt.time(8, 0): 1}


def test_without_an_index_the_database_answers(backend, tmp_path, caplog):
    get_engine("api-searchtests_book", backend.get_index_for_model(Book).engine.schema).close()
    (tmp_path / "api-searchtests_book" / "CURRENT").unlink()
    with caplog.at_level("WARNING", logger="portal.search.backend.results"):
        assert set(titles(backend.search("压缩机", Book))) == {"压缩机维修手册", "冷柜压缩机不启动"}
    assert backend.search("压缩机", Book).count() == 2
    assert titles(backend.search(Phrase("空调不制冷"), Book)) == ["空调不制冷"]
    assert "falls back to the database" in caplog.text


def test_a_child_model_is_found_through_its_parent(backend):
    novel = Novel.objects.create(
        title="长篇", setting="厨房里", number_of_pages=1, publication_date=dt.date(2026, 1, 1)
    )
    backend.add(novel)
    assert titles(backend.search("厨房", Book)) == ["长篇"]
    assert titles(backend.search("厨房", Novel)) == ["长篇"]
    backend.delete(novel)
    assert titles(backend.search("厨房", Book)) == []
