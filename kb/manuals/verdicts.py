"""Record what the readers of an edition must do when another replaces it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.enums import VerdictKind
from kb.errors import VerdictWithoutDay
from kb.models import EditionVerdict, ManualEdition
from kb.signals import verdict_given
from portal.access import audit


@dataclass(frozen=True)
class Verdict:
    """A decision about a new edition.

    Args:
        grace_until: the last day on which it need not be done yet; None for editorial changes.
    """

    kind: VerdictKind
    grace_until: dt.date | None = None


@transaction.atomic
def record_verdict(edition: ManualEdition, verdict: Verdict, *, by: Any = None) -> EditionVerdict:
    """Record the verdict on ``edition`` and tell the apps above; part of the publication.

    Raises:
        VerdictWithoutDay: it asks for something without a day from today on, or names a day and asks for nothing.
    """
    asks = verdict.kind != VerdictKind.EDITORIAL
    if asks != (verdict.grace_until is not None) or (
        verdict.grace_until and verdict.grace_until < timezone.localdate()
    ):
        raise VerdictWithoutDay
    record = EditionVerdict.objects.create(
        edition=edition, kind=verdict.kind, grace_until=verdict.grace_until, given_by=by
    )
    day = verdict.grace_until.isoformat() if verdict.grace_until else None
    audit.record("kb.verdict_given", edition, actor=by, kind=verdict.kind.value, grace_until=day)
    verdict_given.send(EditionVerdict, verdict=record)
    return record
