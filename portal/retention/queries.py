"""What is kept how long, and what the next run would delete."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import RetentionRun, RetentionTerm
from portal.registry.retention import KindOfRecord, kinds_of_record
from portal.retention.terms import Term, over, terms_in_force


@dataclass(frozen=True)
class Kept:
    """A kind of record on the page.

    Args:
        due: how many records the next run would delete.
        removed: how many were deleted ever, and when the last of them.
        waiting: a term that is proposed and not decided.
    """

    kind: KindOfRecord
    term: Term
    due: int
    removed: int
    cleared_at: dt.datetime | None
    waiting: RetentionTerm | None

    @property
    def label(self) -> str | Promise:
        """The kind in words."""
        return self.kind.label

    @property
    def words(self) -> str:
        """How long it is kept."""
        return term_words(self.term.months, self.term.span)

    @property
    def after_leaving(self) -> str:
        """How long after the leaving day; empty where that is as for everybody, or where it is nobody's record."""
        months = self.term.months_after_leaving
        return months_words(months) if months is not None else ""


def months_words(months: int) -> str:
    """Write a number of months, whole years as such."""
    if months % 12 == 0:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def term_words(months: int | None, span: dt.timedelta | None = None) -> str:
    """Write how long a kind is kept."""
    if months is not None:
        return months_words(months)
    if span is not None:
        return ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}
    return str(_("for ever"))


def what_is_kept(now: dt.datetime | None = None) -> list[Kept]:
    """Return every kind with its term and what the next run would delete: a query a kind that has an end."""
    now = now or timezone.now()
    terms = terms_in_force()
    runs = RetentionRun.objects.order_by().values("kind").annotate(removed=Sum("removed"), last=Max("ran_at"))
    cleared = {row["kind"]: (row["removed"], row["last"]) for row in runs}
    waiting = {each.kind: each for each in RetentionTerm.objects.filter(decided_at=None).select_related("proposed_by")}
    return [
        Kept(
            kind,
            terms[key],
            0 if terms[key].is_endless else over(kind, terms[key], now).order_by().count(),
            *cleared.get(key, (0, None)),
            waiting.get(key),
        )
        for key, kind in kinds_of_record().items()
    ]
