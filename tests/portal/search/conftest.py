"""Search on indexes of their own, with the peer's books as a source of documents."""

import pytest
from modelsearch.test.testapp.models import Author, Book

from portal.registry import search as registry
from portal.registry.search import SearchDocument, SearchSource
from portal.search.engine.registry import close_engines
from portal.search.indexing import writer
from portal.search.indexing.indexes import DocumentIndex
from portal.search.query.lexicon_loading import forget_lexicon


def book_documents(book):
    """Two documents a book, none for a withdrawn one."""
    if book.summary == "withdrawn":
        return
    for part in ("first", "second"):
        yield SearchDocument(
            ref=f"B{book.pk}-{part}",
            kind="book",
            title=f"{book.title} {part}",
            url="/",
            text=" ".join(author.name for author in book.authors.all()),
        )


@pytest.fixture
def index(db, settings, tmp_path, monkeypatch):
    """Indexes of their own, built, with books as a source of documents."""
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(registry, "_sources", {})
    registry.register(
        SearchSource(
            "book",
            "Book",
            Book,
            Book.objects.prefetch_related("authors").all,
            book_documents,
            related={Author: lambda author: author.books.all()},
        )
    )
    writer.rebuild_all()
    yield DocumentIndex().engine
    close_engines()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what a commit would run."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def portal_index(db, settings, tmp_path):
    """Indexes of their own of what the portal itself and its apps register."""
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    settings.VAR_DIR = tmp_path
    forget_lexicon()
    writer.rebuild_all()
    yield
    close_engines()
    forget_lexicon()
