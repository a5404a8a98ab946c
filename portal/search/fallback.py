"""Search while the index cannot be used: exact codes and titles, asked of the database, and the page says so."""

from __future__ import annotations

from typing import Any

from portal.permissions import audiences_of, organisations_in_sight

from .answers import AnswerHit, Filters, Notice, SearchAnswer
from .documents import stored_of
from .presenting import Marker, answer_hit
from .sources import SearchDocument, organisation_scope, sources
from .understanding.cleaning import clean_query

#: Records looked at per kind, and results shown.
MAX_RECORDS = 20
MAX_HITS = 30
MIN_LENGTH = 2


def search_database(query: str, reader: Any, filters: Filters) -> SearchAnswer:
    """Answer from the database what can be answered there."""
    text, _truncated = clean_query(query)
    hits: list[AnswerHit] = []
    if len(text) >= MIN_LENGTH:
        audiences = audiences_of(reader)
        for document in _documents(text, filters):
            if document.audience in audiences and _in_sight(document, reader):
                hits.append(answer_hit(stored_of(document), 0.0, Marker(words=[text])))
    hits = hits[:MAX_HITS]
    return SearchAnswer(
        query=text,
        filters=filters,
        hits=tuple(hits),
        total=len(hits),
        pages=1 if hits else 0,
        notices=(Notice.DEGRADED,),
    )


def _documents(text: str, filters: Filters) -> list[SearchDocument]:
    found: list[SearchDocument] = []
    for source in sources():
        if source.lookup is None or filters.kind not in ("", source.kind):
            continue
        for record in source.lookup(text)[:MAX_RECORDS]:
            found.extend(source.documents(record))
    return found


def _in_sight(document: SearchDocument, reader: Any) -> bool:
    if not document.scope:
        return True
    in_sight = organisations_in_sight(reader).values_list("pk", flat=True)
    return document.scope in {organisation_scope(pk) for pk in in_sight}
