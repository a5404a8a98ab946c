"""SQLite FTS5, PostgreSQL full text and bare tantivy on our tokens, to be measured beside the engine.

Each keeps its index on disk and gives key and title of the best twenty, as the engine does.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import psycopg

from portal.search.analysis import index_tokens, query_tokens
from tests.bench.search_corpus import Article, articles
from tests.servers import postgres, postgres_binaries

POSTGRES_MISSING = "(no PostgreSQL server is installed: apt-get install postgresql)"
Row = tuple[str, Sequence[str], Article]


class Rival(Protocol):
    """Another full-text engine."""

    name: str
    #: Whether its CPU time is this process's.
    in_process: bool

    def fill(self, rows: Iterable[Row]) -> None:
        """Write all documents."""

    def ask(self, kind: str, query: str) -> int:
        """Answer a query and return how many rows came back."""

    def close(self) -> None:
        """Let go of it."""


def word(token: str) -> str:
    """Return a token as a word no other tokenizer cuts up; the beginning of a token stays its beginning."""
    return "x" + token.encode().hex()


class Fts5:
    """SQLite FTS5."""

    name = "FTS5"
    in_process = True
    #: The twenty are found first, so that titles are read for these alone.
    BEST = """SELECT key, title FROM facts JOIN (
        SELECT rowid AS found, rank AS score FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT 20
    ) ON found = facts.id ORDER BY score"""

    def __init__(self) -> None:
        self.directory = tempfile.mkdtemp(prefix="fts5-")
        self.connection = sqlite3.connect(Path(self.directory) / "fts5.sqlite3")
        self.connection.execute("CREATE VIRTUAL TABLE docs USING fts5(text, tokenize='ascii', detail=full)")
        self.connection.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, key, title, equipment, brand, audience)")

    def fill(self, rows: Iterable[Row]) -> None:
        """Write all documents."""
        for number, (_, tokens, found) in enumerate(rows, 1):
            text = " ".join(map(word, tokens))
            self.connection.execute("INSERT INTO docs(rowid, text) VALUES (?, ?)", (number, text))
            facts = (number, found.key, found.title, found.machine, found.brand, found.audience)
            self.connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", facts)
        self.connection.execute("INSERT INTO docs(docs) VALUES ('optimize')")
        self.connection.commit()

    def ask(self, kind: str, query: str) -> int:
        """Answer a query."""
        words = [word(query) + "*"] if kind == "prefix" else map(word, query_tokens(query))
        match = " OR ".join(words)
        if kind != "filtered":
            return len(self.connection.execute(self.BEST, (match,)).fetchall())
        visible = "FROM docs JOIN facts ON id = docs.rowid WHERE docs MATCH ? AND audience IN ('public', 'customers')"
        self.connection.execute(f"SELECT count(*) {visible}", (match,)).fetchone()
        for facet in ("equipment", "brand"):
            self.connection.execute(f"SELECT {facet}, count(*) {visible} GROUP BY {facet}", (match,)).fetchall()
        best = f"SELECT key, title {visible} ORDER BY rank LIMIT 20"
        return len(self.connection.execute(best, (match,)).fetchall())

    def close(self) -> None:
        """Close and remove it."""
        self.connection.close()
        shutil.rmtree(self.directory)


class Postgres:
    """PostgreSQL full text with a GIN index."""

    name = "PostgreSQL"
    in_process = False

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute(
            "CREATE TABLE docs (id int PRIMARY KEY, key text, title text, text tsvector, equipment text, brand text, "
            "audience text)"
        )

    def fill(self, rows: Iterable[Row]) -> None:
        """Write all documents."""
        with self.connection.cursor().copy("COPY docs FROM STDIN") as copy:
            for number, (_, tokens, found) in enumerate(rows, 1):
                places: dict[str, list[str]] = {}
                for place, token in enumerate(tokens, 1):
                    places.setdefault(word(token), []).append(str(min(place, 16383)))
                vector = " ".join(f"{token}:{','.join(at[:255])}" for token, at in places.items())
                copy.write_row((number, found.key, found.title, vector, found.machine, found.brand, found.audience))
        self.connection.execute("CREATE INDEX ON docs USING gin(text)")
        self.connection.execute("VACUUM ANALYZE docs")

    def ask(self, kind: str, query: str) -> int:
        """Answer a query."""
        words = [word(query) + ":*"] if kind == "prefix" else map(word, query_tokens(query))
        match = " | ".join(words)
        best = "ORDER BY ts_rank(text, %s::tsquery) DESC LIMIT 20"
        if kind != "filtered":
            sql = f"SELECT key, title FROM docs WHERE text @@ %s::tsquery {best}"
            return len(self.connection.execute(sql, (match, match)).fetchall())
        visible = "FROM docs WHERE text @@ %s::tsquery AND audience IN ('public', 'customers')"
        self.connection.execute(f"SELECT count(*) {visible}", (match,)).fetchone()
        for facet in ("equipment", "brand"):
            self.connection.execute(f"SELECT {facet}, count(*) {visible} GROUP BY {facet}", (match,)).fetchall()
        return len(self.connection.execute(f"SELECT key, title {visible} {best}", (match, match)).fetchall())

    def close(self) -> None:
        """Close it."""
        self.connection.close()


class BareTantivy:
    """tantivy without anything of ours: one field, key and title of the best twenty, as we give them; for "filtered"
    counts as the others."""

    name = "bare tantivy"
    in_process = True

    def __init__(self) -> None:
        import tantivy

        self.native = tantivy
        self.directory = tempfile.mkdtemp(prefix="bare-tantivy-")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="tokens", index_option="freq")
        builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("equipment", "brand", "audience"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=self.directory)
        tokenizer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("tokens", tokenizer)

    def fill(self, rows: Iterable[Row]) -> None:
        """Write all documents."""
        writer = self.index.writer(heap_size=256_000_000)
        for key, tokens, found in rows:
            document = self.native.Document()
            document.add_text("key", key)
            document.add_text("title", found.title)
            document.add_text("text", " ".join(tokens))
            for name, value in (("equipment", found.machine), ("brand", found.brand), ("audience", found.audience)):
                document.add_text(name, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, kind: str, query: str) -> int:
        """Answer a query."""
        make, occur = self.native.Query, self.native.Occur
        if kind == "prefix":
            terms = [term for term, _ in self.searcher.terms_with_prefix("text", query)][:64]
            return self._keys(make.term_set_query(self.schema, "text", terms))
        any_of = make.boolean_query(
            [(occur.Should, make.term_query(self.schema, "text", token, "freq")) for token in query_tokens(query)]
        )
        if kind != "filtered":
            return self._keys(any_of)
        visible = make.term_set_query(self.schema, "audience", ["public", "customers"])
        admitted = make.boolean_query([(occur.Must, any_of), (occur.Must, make.const_score_query(visible, 0.0))])
        for name in ("equipment", "brand"):
            self.searcher.aggregate(admitted, {"values": {"terms": {"field": name, "size": 1000}}})
        return self._keys(admitted)

    def _keys(self, query: object) -> int:
        hits = self.searcher.search(query, limit=20).hits
        documents = [self.searcher.doc(address) for _, address in hits]
        return len([(document.get_first("key"), document.get_first("title")) for document in documents])

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.directory)


@contextlib.contextmanager
def rivals(count: int, *, with_postgres: bool, with_tantivy: bool) -> Iterator[list[Rival]]:
    """Yield the engines to compare with, filled with the same tokens."""
    with contextlib.ExitStack() as stack:
        found: list[Rival] = [stack.enter_context(contextlib.closing(Fts5()))]
        if with_tantivy:
            found.append(stack.enter_context(contextlib.closing(BareTantivy())))
        if with_postgres and postgres_binaries():
            url = stack.enter_context(postgres())
            found.append(stack.enter_context(contextlib.closing(Postgres(url))))
        elif with_postgres:
            print(POSTGRES_MISSING)
        for rival in found:
            rival.fill((found.key, index_tokens(f"{found.title}\n{found.text}"), found) for found in articles(count))
        yield found
