"""The demo faults indexed once a run, and the words they are asked with."""

from functools import cache

from portal.search.indexing.documents import DOCUMENT_SCHEMA, to_engine
from portal.search.query.retrieval import Found, find
from tests.bench.relevance_corpus import faults, lexicon
from tests.portal.search.memory_engine import MemoryEngine


@cache
def engine() -> MemoryEngine:
    """An index of the fifty-five demo faults."""
    made = MemoryEngine(DOCUMENT_SCHEMA)
    made.rebuild(to_engine(document) for document in faults())
    return made


words = cache(lexicon)


def ask(query: str) -> Found:
    """Search the demo faults."""
    return find(query, engine(), words(), {})


def refs(query: str) -> list[str]:
    """Return the article numbers that answer a query, best first."""
    return [item.hit.stored["ref"] for item in ask(query).ranked]
