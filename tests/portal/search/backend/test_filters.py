"""Filters of a queryset on our backend: the same records as the database gives, or an error that says why not."""

import datetime as dt

import pytest
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Lower
from modelsearch.backends.base import FilterError
from modelsearch.query import MATCH_ALL
from modelsearch.test.testapp.models import Author, Book, Character, Novel

from portal.search.backend import filters
from portal.search.engine import expressions as ex
from tests.portal.search.api_of_tests import DAY, ENGINES, open_backend, rebuild, titles


@pytest.fixture(params=ENGINES)
def backend(request, db, settings, tmp_path):
    with open_backend(request.param, settings, tmp_path) as opened:
        yield opened


@pytest.fixture
def whoosh(db, settings, tmp_path):
    with open_backend("whoosh", settings, tmp_path) as opened:
        yield opened


def pks(records) -> set:
    return {record.pk for record in records}


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


def test_filters_on_relations_give_what_the_database_gives(backend):
    old, young = (
        Author.objects.create(name=name, date_of_birth=born) for name, born in (("Old", None), ("Young", DAY))
    )
    Author.objects.create(name="Unread")
    for place, book in enumerate(Book.objects.order_by("pk")):
        book.authors.set([old, young] if place % 2 else [old])
        book.tags.add("even" if place % 2 else "odd", "all")
    rebuild(backend, Book)
    rebuild(backend, Author)
    other = dt.date(2020, 1, 1)
    many, date, born = "books__number_of_pages", "books__publication_date", "authors__date_of_birth"
    for queryset in (
        Author.objects.filter(**{f"{many}__gt": 300}),
        Author.objects.filter(**{f"{many}__gt": 300, date: DAY}),
        Author.objects.filter(**{f"{many}__gt": 300, date: other}),
        Author.objects.filter(**{f"{many}__in": [100, 300]}).filter(**{f"{many}__in": [200]}),
        Author.objects.filter(Q(**{many: 200}) | Q(date_of_birth=DAY)),
        Author.objects.filter(**{f"{many}__isnull": True}),
        Author.objects.filter(**{f"{many}__isnull": False}),
        Author.objects.filter(**{f"{many}__range": (150, 350)}, date_of_birth__isnull=True),
        Book.objects.filter(**{born: DAY}),
        Book.objects.filter(**{f"{born}__isnull": True}),
        Book.objects.filter(**{born: DAY, "tags__slug": "even"}),
        Book.objects.filter(Q(**{born: DAY}) | Q(tags__slug="odd")),
    ):
        assert pks(backend.search(MATCH_ALL, queryset)) == pks(queryset), queryset.query


def test_filters_on_a_single_record_may_be_negated(backend):
    novels = [
        Novel.objects.create(title=title, setting=title, number_of_pages=1, publication_date=DAY) for title in "甲乙"
    ]
    for novel in novels:
        Character.objects.create(name=f"hero of {novel.title}", novel=novel)
    rebuild(backend, Character)
    for queryset in (
        Character.objects.exclude(novel__setting="甲"),
        Character.objects.exclude(novel__setting="甲", novel__publication_date=DAY),
        Character.objects.filter(~Q(novel__setting="甲") | Q(novel__publication_date=DAY)),
        Character.objects.filter(~(~Q(novel__setting="甲"))),
    ):
        assert pks(backend.search(MATCH_ALL, queryset)) == pks(queryset)


def busy_author(number_of_books) -> Author:
    author = Author.objects.create(name="Busy")
    numbers = range(1300 - number_of_books, 1300)
    books = Book.objects.bulk_create(Book(title=f"n{n}", number_of_pages=n, publication_date=DAY) for n in numbers)
    author.books.set(books)
    return author


def test_two_conditions_hold_for_one_of_many_rows(backend):
    author = busy_author(250)
    rebuild(backend, Author)
    found = Author.objects.filter(books__number_of_pages=1299, books__publication_date=DAY)
    assert pks(backend.search(MATCH_ALL, found)) == {author.pk}
    lost = Author.objects.filter(books__number_of_pages=1299, books__publication_date=dt.date(2020, 1, 1))
    assert pks(backend.search(MATCH_ALL, lost)) == set()


def test_a_record_with_many_related_ones_leaves_filters_alone(backend):
    author = busy_author(300)
    rebuild(backend, Author)
    found = Author.objects.filter(books__number_of_pages=1299)
    assert pks(backend.search(MATCH_ALL, found)) == {author.pk}
    assert backend.search(MATCH_ALL, Author.objects.filter(books__number_of_pages=99)).count() == 0
    with pytest.raises(FilterError, match="too many combinations"):
        list(backend.search(MATCH_ALL, found.filter(books__publication_date=DAY, books__number_of_pages__gt=1)))


def test_conditions_on_different_relations_need_no_combinations(backend):
    novel = Novel.objects.create(title="长篇", setting="厨房", number_of_pages=1, publication_date=DAY)
    people = [Character.objects.create(name=f"c{number}", novel=novel) for number in range(40)]
    Novel.objects.filter(pk=novel.pk).update(protagonist=people[3])
    for number in range(40):
        novel.tags.add(f"t{number}")
    rebuild(backend, Novel)
    queryset = Novel.objects.filter(characters__name="c39", tags__slug="t39", protagonist__name="c3")
    assert pks(backend.search(MATCH_ALL, queryset)) == {novel.pk}
    assert backend.search(MATCH_ALL, queryset.filter(tags__slug="t40")).count() == 0


def test_rows_below_a_shared_one_are_rows_of_the_same_record():
    def condition(name, rows, *aliases):
        return filters.Condition(lambda row: ex.Values(name, [row]), filters.Join(rows, aliases))

    tree = filters.Group(
        (condition("pages", "books", "T1"), condition("name", "books__authors", "T1", "T2")), connector="AND"
    )
    rows = {"books": ["0", "1"], "books__authors": ["0.0", "1.0", "1.1"]}
    asked = filters.expression_of(tree, rows.__getitem__)
    assert [tuple(part.values[0].split(filters.ROW_END)[0] for part in way.children) for way in asked.children] == [
        ("0", "0.0"),
        ("1", "1.0"),
        ("1", "1.1"),
    ]


@pytest.mark.parametrize(
    "queryset",
    [
        Book.objects.annotate(n=Count("authors")).filter(n__gt=0),
        Book.objects.annotate(n=F("number_of_pages") + 1).filter(n=3),
        Book.objects.alias(low=Lower("title")).filter(low="x"),
        Book.objects.filter(title__iexact="x"),
        Book.objects.filter(Exists(Author.objects.filter(books=OuterRef("pk")))),
        Book.objects.filter(title__startswith="x" * 256),
        Book.objects.filter(number_of_pages__startswith="1"),
        Book.objects.filter(publication_date__month=3),
        Book.objects.filter(number_of_pages=100).union(Book.objects.filter(number_of_pages=200)),
    ],
)
def test_what_only_the_database_can_compute_is_a_filter_error(whoosh, queryset):
    with pytest.raises(FilterError):
        list(whoosh.search(MATCH_ALL, queryset))
