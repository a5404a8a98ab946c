"""What editors want to stand first for a query (Wagtail's search promotions)."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string

from portal.enums import Audience
from portal.permissions import can_open

from .answers import AnswerHit, Piece

MAX_PROMOTED = 3


def promoted_hits(query: str, reader: Any) -> tuple[AnswerHit, ...]:
    """Return the promoted results of a query that `reader` may open; one query, another where there are pages."""
    wanted = SearchPromotion.objects.filter(query__query_string=normalise_query_string(query)).select_related("page")
    return tuple(_hit(item) for item in wanted[:MAX_PROMOTED] if _may_open(item, reader))


def _may_open(item: SearchPromotion, reader: Any) -> bool:
    if item.page is None:
        return bool(item.external_link_url)
    page = item.page.specific
    return page.live and can_open(reader, getattr(page, "audience", Audience.PUBLIC))


def _hit(item: SearchPromotion) -> AnswerHit:
    title = item.page.title if item.page else item.external_link_text or item.external_link_url
    return AnswerHit(
        ref="",
        kind="page",
        kind_label=_("Recommended"),
        title=title,
        title_pieces=(Piece(title),),
        url=item.page.url if item.page else item.external_link_url,
        codes=(),
        equipment=(),
        equipment_name="",
        brand="",
        severity="",
        phone_doable=False,
        score=0.0,
        snippet_pieces=(Piece(item.description),) if item.description else (),
        promoted=True,
    )
