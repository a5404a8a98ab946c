"""Engines to run the same tests on, and a few documents to put into them."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from portal.search.engine import Engine, EngineDocument, FieldKind, FieldSpec, Schema
from portal.search.engine.opensearch import OpenSearchEngine
from portal.search.engine.tantivy import TantivyEngine
from portal.search.engine.whoosh import WhooshEngine
from tests.portal.search.opensearch_server import opensearch_server

SCHEMA = Schema(
    (
        FieldSpec("text", FieldKind.TEXT),
        FieldSpec("title", FieldKind.TEXT, positions=True),
        FieldSpec("kind", FieldKind.KEYWORD),
        FieldSpec("brand", FieldKind.KEYWORD),
        FieldSpec("audience", FieldKind.KEYWORD),
        FieldSpec("ref", FieldKind.KEYWORD, sortable=True),
        FieldSpec("grade", FieldKind.KEYWORD, sortable=True),
    )
)


def whoosh_engine(directory: Path, schema: Schema = SCHEMA) -> Engine:
    """Return the embedded engine on a directory."""
    return WhooshEngine(directory, schema)


def tantivy_engine(directory: Path, schema: Schema = SCHEMA) -> Engine:
    """Return the engine for larger indexes on a directory."""
    return TantivyEngine(directory, schema)


@contextmanager
def open_engine(name: str, directory: Path) -> Iterator[Engine]:
    """Open the engine called `name` on a directory, the one on a cluster on an imitation of it."""
    with ExitStack() as stack:
        if name == "opensearch":
            url, _ = stack.enter_context(opensearch_server())
            engine: Engine = OpenSearchEngine(url, "test", SCHEMA)
        else:
            engine = {"whoosh": whoosh_engine, "tantivy": tantivy_engine}[name](directory)
        yield stack.enter_context(closing(engine))


def document(key: str, text: str = "", **values: str) -> EngineDocument:
    """Return a document: words of `text` and of `title` are its tokens, every other value is a list of words."""
    title = values.pop("title", "").split()
    keywords = {name: value.split() for name, value in values.items()}
    return EngineDocument(key, {"text": text.split(), "title": title}, {"ref": [key], **keywords}, {"key": key})


ARTICLES = [
    document("a", "fan stops fan hums", title="fan fault", kind="fault", brand="gree", audience="public"),
    document("b", "compressor hums", title="compressor fault", kind="fault", brand="gree", audience="staff"),
    document("c", "how to clean the fan", title="clean the fan", kind="guide", audience="public"),
    document("d", "door leaks water", title="door", kind="fault", brand="haier midea", audience="public"),
]
