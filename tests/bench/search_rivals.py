"""SQLite FTS5 and PostgreSQL full text on our tokens, to be measured beside the engine."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Protocol

import psycopg

from portal.search.analysis import query_tokens
from tests.bench.search_corpus import Article

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

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE VIRTUAL TABLE docs USING fts5(text, tokenize='ascii', detail=full)")
        self.connection.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, equipment, brand, audience)")

    def fill(self, rows: Iterable[Row]) -> None:
        """Write all documents."""
        for number, (_, tokens, found) in enumerate(rows, 1):
            text = " ".join(map(word, tokens))
            self.connection.execute("INSERT INTO docs(rowid, text) VALUES (?, ?)", (number, text))
            facts = (number, found.machine, found.brand, found.audience)
            self.connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?)", facts)
        self.connection.execute("INSERT INTO docs(docs) VALUES ('optimize')")
        self.connection.commit()

    def ask(self, kind: str, query: str) -> int:
        """Answer a query."""
        words = [word(query) + "*"] if kind == "prefix" else map(word, query_tokens(query))
        match = " OR ".join(words)
        if kind != "filtered":
            sql = "SELECT rowid FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT 20"
            return len(self.connection.execute(sql, (match,)).fetchall())
        visible = "FROM docs JOIN facts ON id = docs.rowid WHERE docs MATCH ? AND audience IN ('public', 'customers')"
        self.connection.execute(f"SELECT count(*) {visible}", (match,)).fetchone()
        for facet in ("equipment", "brand"):
            self.connection.execute(f"SELECT {facet}, count(*) {visible} GROUP BY {facet}", (match,)).fetchall()
        return len(self.connection.execute(f"SELECT id {visible} ORDER BY rank LIMIT 20", (match,)).fetchall())

    def close(self) -> None:
        """Close it."""
        self.connection.close()


class Postgres:
    """PostgreSQL full text with a GIN index."""

    name = "PostgreSQL"
    in_process = False

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute(
            "CREATE TABLE docs (id int PRIMARY KEY, text tsvector, equipment text, brand text, audience text)"
        )

    def fill(self, rows: Iterable[Row]) -> None:
        """Write all documents."""
        with self.connection.cursor().copy("COPY docs FROM STDIN") as copy:
            for number, (_, tokens, found) in enumerate(rows, 1):
                places: dict[str, list[str]] = {}
                for place, token in enumerate(tokens, 1):
                    places.setdefault(word(token), []).append(str(min(place, 16383)))
                vector = " ".join(f"{token}:{','.join(at[:255])}" for token, at in places.items())
                copy.write_row((number, vector, found.machine, found.brand, found.audience))
        self.connection.execute("CREATE INDEX ON docs USING gin(text)")
        self.connection.execute("VACUUM ANALYZE docs")

    def ask(self, kind: str, query: str) -> int:
        """Answer a query."""
        words = [word(query) + ":*"] if kind == "prefix" else map(word, query_tokens(query))
        match = " | ".join(words)
        best = "ORDER BY ts_rank(text, %s::tsquery) DESC LIMIT 20"
        if kind != "filtered":
            sql = f"SELECT id FROM docs WHERE text @@ %s::tsquery {best}"
            return len(self.connection.execute(sql, (match, match)).fetchall())
        visible = "FROM docs WHERE text @@ %s::tsquery AND audience IN ('public', 'customers')"
        self.connection.execute(f"SELECT count(*) {visible}", (match,)).fetchone()
        for facet in ("equipment", "brand"):
            self.connection.execute(f"SELECT {facet}, count(*) {visible} GROUP BY {facet}", (match,)).fetchall()
        return len(self.connection.execute(f"SELECT id {visible} {best}", (match, match)).fetchall())

    def close(self) -> None:
        """Close it."""
        self.connection.close()
