"""Citation source: chapters cited by fault articles."""

from collections.abc import Collection, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.manuals.citations import Citation, CitationKey, CitationSource
from kb.manuals.drafts import amend_drafts
from kb.models import FaultArticle

KIND = "fault"
EDIT_VIEW = "wagtailsnippets_kb_faultarticle:edit"


def citing(chapters: Collection[int]) -> Iterator[Citation]:
    """Yield the articles that cite one of ``chapters``, drafts and withdrawn ones too."""
    articles = FaultArticle.objects.filter(chapter__in=chapters).only("number", "title", "chapter").order_by("number")
    for article in articles:
        key = CitationKey(KIND, article.pk, article.chapter_id)
        yield Citation(key, str(article), reverse(EDIT_VIEW, args=[article.pk]))


def repoint(records: Collection[int], old: int, new: int | None) -> int:
    """Have the articles that cite ``old`` cite ``new``, as published and in their drafts; return how many."""

    def amend(content: dict[str, Any]) -> bool:
        cites = content.get("chapter") == old
        if cites:
            content["chapter"] = new
        return cites

    amend_drafts(FaultArticle, records, amend)
    return FaultArticle.objects.filter(pk__in=records, chapter=old).update(chapter=new)


source = CitationSource(
    kind=KIND,
    label=_("Fault articles"),
    model=FaultArticle,
    permission="kb.change_faultarticle",
    citing=citing,
    repoint=repoint,
)
