"""HTTP API of search and completion; anonymous callers see what the public may see."""

from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.throttling import BaseThrottle

from portal.access.api_auth import ANYBODY
from portal.access.lookup import find_equipment
from portal.access.rate_limits import AddressLimit, PersonLimit
from portal.registry.search import source_of, sources
from portal.search.analytics.gathering import gather
from portal.search.query.answers import Filters
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.results.completion import MAX_SUGGESTIONS, suggest
from portal.search.results.errors import OffsetAndPage, SearchUnavailable, UnknownKind
from portal.search.results.paging import MAX_OFFSET, search_from
from portal.search.results.service import MAX_PAGE_SIZE

router = Router(tags=["search"], auth=ANYBODY)


#: Suggestions a minute: to one person, who asks with every letter, and to one address, which may be a whole office.
SUGGESTIONS = "300/m"
ANONYMOUS_SUGGESTIONS = "1200/m"


SUGGESTION_LIMITS: list[BaseThrottle] = [
    AddressLimit(ANONYMOUS_SUGGESTIONS, "suggestions"),
    PersonLimit(SUGGESTIONS, "suggestions"),
]


class HitOut(Schema):
    """One result."""

    ref: str
    title: str
    kind: str
    url: str
    equipment: list[str]
    codes: list[str]
    score: float
    snippet: str
    languages: list[str]


class SearchOut(Schema):
    """Results, best first, and the query as it was probably meant."""

    query: str
    total: int
    hits: list[HitOut]
    suggestion: str | None


class SuggestionOut(Schema):
    """One completion; `label` says what it is in the reader's language."""

    text: str
    kind: str
    label: str


class SuggestOut(Schema):
    """Completions of what was typed."""

    query: str
    suggestions: list[SuggestionOut]


@router.get("/search", response=SearchOut, summary="Search articles, manuals, training and documents")
def search_documents(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[str, Query(description="A fault code, a symptom, equipment, in any mixture.")] = "",
    equipment: Annotated[str, Query(description="Model code, name, alias or serial number.")] = "",
    kind: Annotated[str, Query(description="fault, manual, module, page, document …")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Hits in one answer.")] = 10,
    offset: Annotated[
        int | None, Query(ge=0, le=MAX_OFFSET, description="Hits to leave out, from the best on.")
    ] = None,
    page: Annotated[
        int | None, Query(ge=1, le=MAX_OFFSET, description="Instead of offset: page of `limit` hits.")
    ] = None,
) -> dict[str, Any]:
    """Answer a search with what the caller may see; a Link header with rel="next" leads to the hits that follow."""
    if offset is not None and page is not None:
        raise OffsetAndPage
    if kind and source_of(kind) is None:
        raise UnknownKind(kind=kind[:60], kinds=", ".join(source.kind for source in sources()))
    start = (page - 1) * limit if page is not None else offset or 0
    filters = Filters(equipment=_machine(equipment, request.user), kind=kind)
    answer, hits = search_from(q, request.user, filters, start, limit)
    if answer.is_degraded:
        raise SearchUnavailable
    if not start:
        gather(answer, sender=get_adapter(request).get_client_ip(request))
    if hits and start + len(hits) < answer.total:
        response["Link"] = f'<{_address(request, start + len(hits), limit)}>; rel="next"'
    return {
        "query": answer.query,
        "total": answer.total,
        "hits": [
            {
                "ref": hit.ref,
                "title": hit.title,
                "kind": hit.kind,
                "url": hit.url,
                "equipment": list(hit.equipment),
                "codes": list(hit.codes),
                "score": hit.score,
                "snippet": hit.snippet,
                "languages": list(hit.languages),
            }
            for hit in hits
        ],
        "suggestion": answer.suggestion or None,
    }


def _machine(text: str, reader: Any) -> str:
    """Return what the filter understands: the text itself, or the code of the model that is meant.

    Raises:
        UnknownEquipment: nothing answers to it.
        AmbiguousEquipment: several models do.
    """
    if not text or current_lexicon().equipment_codes(text):
        return text
    return find_equipment(text, reader).code


def _address(request: HttpRequest, offset: int, limit: int) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["offset"], asked["limit"] = str(offset), str(limit)
    return f"{request.path}?{asked.urlencode()}"


@router.get(
    "/suggest",
    response=SuggestOut,
    summary="Complete what is being typed",
    throttle=SUGGESTION_LIMITS,
)
def suggest_completions(
    request: HttpRequest,
    q: Annotated[str, Query(description="The beginning, in characters, letters or pinyin.")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_SUGGESTIONS)] = MAX_SUGGESTIONS,
) -> dict[str, Any]:
    """Return at most ten completions."""
    return {
        "query": q[:120],
        "suggestions": [
            {"text": item.text, "kind": item.kind, "label": _label(item.kind)}
            for item in suggest(q, request.user, limit)
        ],
    }


def _label(kind: str) -> str:
    """What a completion is, in the reader's language: a code, equipment, a symptom, or the kind of a document."""
    own = {"code": _("Fault code"), "equipment": _("Equipment"), "phrase": _("Symptom")}
    source = source_of(kind)
    return own.get(kind) or (str(source.label) if source else "")
