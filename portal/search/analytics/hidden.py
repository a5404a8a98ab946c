"""Whether a search that found nothing did so only because its reader may not open what there is.

Asked when a search is written down, never while it is answered: a page says nothing of what it hides.
"""

from portal.search.engine import EngineError, get_engine
from portal.search.indexing.documents import DOCUMENT_SCHEMA, INDEX_NAME
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.query.retrieval import find


def is_only_hidden(query: str) -> bool:
    """Whether somebody who may open everything finds what was asked; while the index is broken nobody knows."""
    try:
        found = find(query, get_engine(INDEX_NAME, DOCUMENT_SCHEMA), current_lexicon(), {}, lambda kind: 1.0)
    except EngineError:
        return False
    return bool(found.ranked) and not found.relaxed
