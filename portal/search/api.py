"""Search and completion for programs: anyone may ask, each is answered by what they may see."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from portal.api import ANYBODY
from portal.errors import UnknownEquipment

from .answers import Filters
from .service import MAX_PAGE_SIZE, search
from .suggest import MAX_SUGGESTIONS, suggest
from .understanding.loading import current_lexicon

router = Router(tags=["search"], auth=ANYBODY)


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
    q: Annotated[str, Query(description="A fault code, a symptom, equipment, in any mixture.")] = "",
    equipment: Annotated[str, Query(description="Model code, name or alias.")] = "",
    kind: Annotated[str, Query(description="fault, manual, module, page, document …")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)] = 10,
) -> dict[str, Any]:
    """Answer a search with what the caller may see."""
    if equipment and not current_lexicon().equipment_codes(equipment):
        raise UnknownEquipment(equipment=equipment[:60])
    answer = search(q, request.user, Filters(equipment=equipment, kind=kind), per_page=limit)
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
            }
            for hit in answer.hits[:limit]
        ],
        "suggestion": answer.suggestion or None,
    }


@router.get("/suggest", response=SuggestOut, summary="Complete what is being typed")
def suggest_completions(
    request: HttpRequest,
    q: Annotated[str, Query(description="The beginning, in characters, letters or pinyin.")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_SUGGESTIONS)] = MAX_SUGGESTIONS,
) -> dict[str, Any]:
    """Return at most ten completions."""
    labels = {"code": _("Fault code"), "equipment": _("Equipment"), "phrase": ""}
    return {
        "query": q[:120],
        "suggestions": [
            {"text": item.text, "kind": item.kind, "label": labels.get(item.kind, "")}
            for item in suggest(q, request.user, limit)
        ],
    }
