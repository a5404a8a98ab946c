"""Wagtail's search API on our backend, with a few books to search, on any engine."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modelsearch.backends import get_search_backend
from modelsearch.test.testapp.models import Book

from portal.search.engine.registry import close_engines
from tests.portal.search.opensearch_server import opensearch_server

ENGINES = ("whoosh", "tantivy", "opensearch")
DAY = dt.date(2026, 3, 18)
TITLES = [
    ("压缩机维修手册", 100),
    ("冷柜压缩机不启动", 200),
    ("空调不制冷", 300),
    ("The compressor handbook", 400),
]


@contextmanager
def open_backend(engine: str, settings: Any, directory: Path) -> Iterator[Any]:
    """Set the backend up on the engine called `engine`, with the books of `TITLES` in it."""
    if engine == "opensearch":
        with opensearch_server() as (url, _), backend_at(url, settings) as backend:
            yield backend
    else:
        with backend_at(f"{engine}://{directory}/index", settings) as backend:
            yield backend


@contextmanager
def backend_at(url: str, settings: Any) -> Iterator[Any]:
    """Set the backend up at a `SEARCH_URL`, with the books of `TITLES` in it."""
    settings.SEARCH_URL = url
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backend", "INDEX": "api"}}
    for title, pages in TITLES:
        make_book(title, number_of_pages=pages)
    backend = get_search_backend("default")
    rebuild(backend, Book)
    try:
        yield backend
    finally:
        close_engines()


def make_book(title: str, **values: Any) -> Book:
    """Save a book."""
    return Book.objects.create(**{"title": title, "number_of_pages": 1, "publication_date": DAY} | values)


def rebuild(backend: Any, model: type) -> None:
    """Index every instance of a model."""
    rebuilder = backend.rebuilder_class(backend.get_index_for_model(model))
    index = rebuilder.start()
    index.add_items(model, model.objects.all())
    rebuilder.finish()


def titles(results: Any) -> list[str]:
    """Return the titles of books found, in order."""
    return [book.title for book in results]
