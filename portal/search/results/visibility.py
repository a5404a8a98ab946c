"""Permission as a filter of the index: what a reader may not open is not counted, suggested or quoted."""

from collections.abc import Mapping
from typing import Any

from portal.access.sight import organisations_in_sight
from portal.audiences import audiences_of
from portal.registry.search import SearchDocument, organisation_scope, scoped_kinds
from portal.search.indexing.documents import AUDIENCE, NO_SCOPE, SCOPE


def visible_to(reader: Any) -> dict[str, list[str]]:
    """Return the keyword filters that admit what `reader` may open.

    Args:
        reader: a Person or AnonymousUser.
    """
    filters = {AUDIENCE: sorted(audiences_of(reader))}
    if scoped_kinds():
        in_sight = organisations_in_sight(reader).values_list("pk", flat=True)
        filters[SCOPE] = [NO_SCOPE, *(organisation_scope(pk) for pk in in_sight)]
    return filters


def is_visible(document: SearchDocument, visible: Mapping[str, list[str]]) -> bool:
    """Return whether `visible_to` a reader admits a document, as the index would."""
    scope = document.scope or NO_SCOPE
    return document.audience in visible[AUDIENCE] and scope in visible.get(SCOPE, (NO_SCOPE,))
