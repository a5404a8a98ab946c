"""What people look for in vain: searches counted by what was asked."""

from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.models import SearchRecord

#: What may be wrong with a search, by name: label and the condition on the counts.
TROUBLES = {
    "without_result": (_("Without a result"), Q(without_result__gt=0)),
    "without_click": (_("Results, none opened"), Q(without_click__gt=0)),
    "reformulated": (_("Asked again in other words"), Q(reformulated__gt=0)),
    "unsolved": (_("Said not to have helped"), Q(unsolved__gt=0)),
    "fewer_words": (_("Answered with fewer words"), Q(fewer_words__gt=0)),
}


def asked(records: QuerySet[SearchRecord] | None = None, trouble: str = "") -> QuerySet[Any, Any]:
    """Return queries with how often they were asked and what became of them, most frequent first.

    Args:
        records: the searches to count; all by default.
        trouble: a key of `TROUBLES`: only queries that had it.
    """
    base = SearchRecord.objects.all() if records is None else records
    counted = (
        base.order_by()
        .values("folded")
        .annotate(
            query=Min("query"),
            times=Count("pk", distinct=True),
            without_result=Count("pk", filter=Q(total=0), distinct=True),
            without_click=Count("pk", filter=Q(total__gt=0, clicked_ref=""), distinct=True),
            reformulated=Count("pk", filter=Q(reformulations__isnull=False), distinct=True),
            fewer_words=Count("pk", filter=Q(is_relaxed=True), distinct=True),
            solved=Count("pk", filter=Q(is_solved=True), distinct=True),
            unsolved=Count("pk", filter=Q(is_solved=False), distinct=True),
            last=Max("searched_at"),
        )
    )
    if trouble in TROUBLES:
        counted = counted.filter(TROUBLES[trouble][1])
    return counted.order_by("-times", "folded")
