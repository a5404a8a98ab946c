"""Queries aggregated by outcome: without result, without click, reformulated, unsolved."""

from typing import Any

from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from portal.models.search import SearchChannel, SearchRecord
from portal.search.analytics.usage import UNDECODED

#: What may be wrong with a search, by name: label and the condition on the counts.
TROUBLES = {
    "without_result": (_("Without a result"), Q(without_result__gt=0)),
    "without_click": (_("Results, none opened"), Q(without_click__gt=0)),
    "reformulated": (_("Asked again in other words"), Q(reformulated__gt=0)),
    "unsolved": (_("Said not to have helped"), Q(unsolved__gt=0)),
    "fewer_words": (_("Answered with fewer words"), Q(fewer_words__gt=0)),
    "cases": (_("Led to a field case"), Q(cases__gt=0)),
}


def asked(records: QuerySet[SearchRecord] | None = None, trouble: str = "") -> QuerySet[Any, Any]:
    """Return queries with how often they were asked and what became of them, most frequent first.

    Args:
        records: the searches to count; all by default.
        trouble: a key of `TROUBLES`: only queries that had it.
    """
    base = SearchRecord.objects.all() if records is None else records
    counted = (
        base.exclude(query__contains=UNDECODED)
        .order_by()
        .values("folded")
        .annotate(
            query=Min("query"),
            without_result=_times(Q(total=0)),
            # Only a page with scripts tells what was opened.
            without_click=_times(Q(total__gt=0, clicked_ref="", channel=SearchChannel.PAGE)),
            reformulated=_times(Q(pk__in=SearchRecord.objects.exclude(reformulates=None).values("reformulates"))),
            fewer_words=_times(Q(is_relaxed=True)),
            solved=_times(Q(is_solved=True)),
            unsolved=_times(Q(is_solved=False)),
            cases=_times(~Q(case_ref="")),
            last=Max("searched_at"),
            times=Sum("times"),  # behind those that sum up the field of this name
        )
    )
    if trouble in TROUBLES:
        counted = counted.filter(TROUBLES[trouble][1])
    return counted.order_by("-times", "folded")


def _times(condition: Q) -> Sum:
    return Sum("times", filter=condition, default=0)
