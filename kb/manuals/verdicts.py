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
        questions: how many a short quiz asks; None for other verdicts.
    """

    kind: VerdictKind
    grace_until: dt.date | None = None
    questions: int | None = None


EDITORIAL = Verdict(VerdictKind.EDITORIAL)


@transaction.atomic
def record_verdict(
    edition: ManualEdition, verdict: Verdict, *, replaces: ManualEdition | None = None, by: Any = None
) -> EditionVerdict:
    """Record the verdict on ``edition`` and tell the apps above; part of the publication.

    Args:
        replaces: the edition people worked by until now.

    Raises:
        VerdictRefused: an app above cannot do what it asks for.
        VerdictWithoutDay: it asks for something without a day from today on, or names a day and asks for nothing.
    """
    asks = verdict.kind != VerdictKind.EDITORIAL
    if asks != (verdict.grace_until is not None) or (
        verdict.grace_until and verdict.grace_until < timezone.localdate()
    ):
        raise VerdictWithoutDay
    machines = edition.manual.equipment.order_by("pk").values_list("pk", flat=True)
    record = EditionVerdict.objects.create(
        edition=edition,
        kind=verdict.kind,
        grace_until=verdict.grace_until,
        questions=verdict.questions if verdict.kind == VerdictKind.SHORT_QUIZ else None,
        replaces=replaces,
        machines=list(machines),
        given_by=by,
    )
    day = verdict.grace_until.isoformat() if verdict.grace_until else None
    audit.record("kb.verdict_given", edition, actor=by, kind=verdict.kind.value, grace_until=day)
    verdict_given.send(EditionVerdict, verdict=record)
    return record
