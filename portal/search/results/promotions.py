"""Promoted results that editors set for a query (Wagtail's search promotions)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page

from portal.audiences import can_open
from portal.enums import Audience
from portal.search.analytics.usage import folded_query
from portal.search.query.answers import AnswerHit, Piece

MAX_PROMOTED = 3


def promoted_hits(query: str, reader: Any) -> tuple[AnswerHit, ...]:
    """Return the promoted results of a query that `reader` may open.

    One query of the database, three where something is promoted. Editors and readers may write the query differently
    (洗碗機, 洗碗机); a page behind a restriction of Wagtail's own is not shown, as nowhere in search.
    """
    asked = folded_query(query)
    promotions = SearchPromotion.objects.order_by("sort_order", "pk").values_list("pk", "query__query_string")
    wanted = [pk for pk, promoted in promotions if folded_query(promoted) == asked]
    if not wanted:
        return ()
    items = SearchPromotion.objects.in_bulk(wanted)
    pages = _open_pages((item.page_id for item in items.values()), reader)
    hits = [
        _hit(items[pk], pages.get(items[pk].page_id))
        for pk in wanted
        if items[pk].page_id in pages or (items[pk].page_id is None and items[pk].external_link_url)
    ]
    return tuple({hit.url: hit for hit in reversed(hits)}.values())[::-1][:MAX_PROMOTED]


def _open_pages(pks: Iterable[int | None], reader: Any) -> dict[int | None, Page]:
    pages = Page.objects.live().public().filter(pk__in=[pk for pk in pks if pk is not None]).specific()
    return {
        page.pk: page for page in pages if page.url and can_open(reader, getattr(page, "audience", Audience.PUBLIC))
    }


def _hit(item: SearchPromotion, page: Page | None) -> AnswerHit:
    title = page.title if page else item.external_link_text or item.external_link_url
    return AnswerHit(
        ref="",
        kind="page",
        kind_label=_("Recommended"),
        title=title,
        title_pieces=(Piece(title),),
        url=page.url if page else item.external_link_url,
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
