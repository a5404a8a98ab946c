"""Search without the index: exact codes and titles from the database, and a notice that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from portal.audiences import readable
from portal.registry.search import SearchDocument, SearchSource, sources
from portal.search import analysis
from portal.search.indexing.documents import stored_of
from portal.search.query.answers import Filters, Notice, SearchAnswer
from portal.search.query.cleaning import clean_query
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.results.facets import chosen_values, passes
from portal.search.results.presentation import Marker, answer_hit
from portal.search.results.visibility import is_visible, visible_to

#: Documents shown per kind and in all.
MAX_OF_KIND = 20
MAX_HITS = 30
#: Records of a kind looked at for what passes the filters, and read from the database at once.
MAX_RECORDS = 500
CHUNK = 50
MIN_LENGTH = 2


def search_database(query: str, reader: Any, filters: Filters) -> SearchAnswer:
    """Answer from the database what can be answered there."""
    text, _truncated = clean_query(query)
    visible = visible_to(reader)
    chosen = chosen_values(filters, current_lexicon())

    def is_admitted(document: SearchDocument) -> bool:
        return is_visible(document, visible) and passes(stored_of(document), chosen)

    found: list[SearchDocument] = []
    if len(text) >= MIN_LENGTH:
        for source in sources():
            if filters.kind in ("", source.kind):
                found.extend(islice(_documents(source, text, reader, is_admitted), MAX_OF_KIND))
    marker = Marker(words=[text])
    hits = tuple(answer_hit(stored_of(document), 0.0, marker) for document in found[:MAX_HITS])
    return SearchAnswer(
        query=text,
        filters=filters,
        hits=hits,
        total=len(hits),
        pages=1 if hits else 0,
        notices=(Notice.DEGRADED,),
    )


def _documents(
    source: SearchSource, text: str, reader: Any, is_admitted: Callable[[SearchDocument], bool]
) -> Iterator[SearchDocument]:
    """Yield what is admitted of the records whose code or title is asked; of many parts those that say it, else the
    first.
    """
    if source.lookup is None:
        return
    asked = analysis.fold(text)
    for record in _readable(source.lookup(text), reader)[:MAX_RECORDS].iterator(chunk_size=CHUNK):
        documents = [document for document in source.documents(record) if is_admitted(document)]
        yield from [item for item in documents if asked in analysis.fold(item.text)] or documents[:1]


def _readable(records: QuerySet[Any], reader: Any) -> QuerySet[Any]:
    """Leave out in the database what the reader may not open, so that it takes no place of what may be."""
    names = {field.name for field in records.model._meta.get_fields()}
    return readable(records, reader) if "audience" in names else records
