"""Wagtail's search API on our backend: what the peer's suite does not ask."""

import datetime as dt

import pytest
from django.db.models import F, Value
from modelsearch.backends.base import FilterError, FilterFieldError, OrderByFieldError
from modelsearch.query import MATCH_ALL, Boost, Fuzzy, Phrase, PlainText, SearchQuery
from modelsearch.test.testapp.models import Author, Book, Meeting, Novel

from tests.portal.search.api_of_tests import ENGINES, make_book, open_backend, rebuild, titles


@pytest.fixture(params=ENGINES)
def backend(request, db, settings, tmp_path):
    with open_backend(request.param, settings, tmp_path) as opened:
        yield opened


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


def test_phrases_end_where_a_field_ends(backend):
    book = make_book("皮带")
    for name in ("Red fan", "Belt King", "红色风扇", "皮带大王"):
        book.authors.add(Author.objects.create(name=name))
    book.tags.add("belt drive")
    backend.add(book)
    assert titles(backend.search(Phrase("red fan"), Book)) == ["皮带"]
    assert titles(backend.search(Phrase("fan belt"), Book)) == []
    assert titles(backend.search(Phrase("风扇皮带"), Book)) == []


def test_fuzzy_forgives_one_wrong_character_of_a_run(backend):
    make_book("洗碗机")
    make_book("洗衣粉")
    rebuild(backend, Book)
    for misspelt in ("洗晚机", "喜碗机", "洗碗几"):
        assert titles(backend.search(Fuzzy(misspelt), Book)) == ["洗碗机"]
    for misspelt in ("压锁机不启动", "冷柜压锁机不启动", "冷贵压缩机", "贵压缩机不启动", "压缩机不启冻"):
        assert titles(backend.search(Fuzzy(misspelt), Book)) == ["冷柜压缩机不启动"]
    assert titles(backend.search(Fuzzy("空凋不制冷"), Book)) == ["空调不制冷"]
    assert titles(backend.search(Fuzzy("compresor 或 空凋不制冷"), Book)) == ["空调不制冷", "The compressor handbook"]
    assert titles(backend.search(Fuzzy("喜碗几"), Book)) == []
    assert titles(backend.search(Fuzzy("空凋制令"), Book)) == []


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
    with pytest.raises(OrderByFieldError):
        list(backend.search(MATCH_ALL, Book.objects.order_by("authors"), order_by_relevance=False))


def test_ordering_by_key_reversed_and_by_habit(backend):
    keys = list(Book.objects.order_by("pk").values_list("pk", flat=True))

    def ordered(queryset):
        return [book.pk for book in backend.search(MATCH_ALL, queryset, order_by_relevance=False)]

    assert ordered(Book.objects.order_by("pk")) == keys
    assert ordered(Book.objects.order_by("-pk")) == keys[::-1]
    assert ordered(Book.objects.order_by("number_of_pages").reverse()) == keys[::-1]
    assert ordered(Book.objects.order_by(F("number_of_pages").desc())) == keys[::-1]
    assert ordered(Book.objects.order_by(F("number_of_pages"))) == keys


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


def test_a_child_model_is_found_through_its_parent(backend):
    novel = Novel.objects.create(
        title="长篇", setting="厨房里", number_of_pages=1, publication_date=dt.date(2026, 1, 1)
    )
    backend.add(novel)
    assert titles(backend.search("厨房", Book)) == ["长篇"]
    assert titles(backend.search("厨房", Novel)) == ["长篇"]
    backend.delete(novel)
    assert titles(backend.search("厨房", Book)) == []
