"""Books to be saved and found."""

import datetime as dt

from modelsearch.backends import get_search_backend
from modelsearch.test.testapp.models import Book

from portal.search.engine import EngineQuery
from portal.search.engine import expressions as ex
from portal.search.indexing.documents import TEXT


def make_book(title="冷柜压缩机", **values):
    return Book.objects.create(
        **{"title": title, "number_of_pages": 1, "publication_date": dt.date(2026, 3, 18)} | values
    )


def found(engine, *tokens) -> set[str]:
    return {hit.stored["ref"] for hit in engine.search(EngineQuery(ex.Terms(TEXT, tokens, "and"))).hits}


def book_search(query):
    return get_search_backend("default").search(query, Book)
