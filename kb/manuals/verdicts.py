"""Record what people must do about an edition that replaces another, or about a revision of an article or a guide."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.enums import VerdictKind
from kb.errors import VerdictWithoutDay
from kb.models import EditionVerdict, FaultArticle, ManualEdition
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
    return _record(edition, edition.manual, verdict, by, edition=edition, replaces=replaces, name=str(edition)[:220])


@transaction.atomic
def record_revision_verdict(record: Any, revision: Any, verdict: Verdict, *, by: Any = None) -> EditionVerdict:
    """Record the verdict on a published revision of an article or a guide and tell the apps above; once a revision.

    Raises:
        VerdictWithoutDay: as for :func:`record_verdict`.
    """
    type(record).objects.select_for_update(of=("self",)).only("pk").get(pk=record.pk)
    if (given := EditionVerdict.objects.filter(revision=revision).first()) is not None:
        return given
    about = {"article" if isinstance(record, FaultArticle) else "guide": record}
    return _record(record, record, verdict, by, revision=revision, name=str(record)[:220], **about)


def _record(subject: Any, matter: Any, verdict: Verdict, by: Any, **about: Any) -> EditionVerdict:
    """Keep a verdict on ``subject``, which is about the machines of ``matter``."""
    asks = verdict.kind != VerdictKind.EDITORIAL
    if asks != (verdict.grace_until is not None) or (
        verdict.grace_until and verdict.grace_until < timezone.localdate()
    ):
        raise VerdictWithoutDay
    machines = matter.equipment.order_by("pk").values_list("pk", flat=True)
    record = EditionVerdict.objects.create(
        **about,
        kind=verdict.kind,
        grace_until=verdict.grace_until,
        questions=verdict.questions if verdict.kind == VerdictKind.SHORT_QUIZ else None,
        machines=list(machines),
        given_by=by,
    )
    day = verdict.grace_until.isoformat() if verdict.grace_until else None
    audit.record("kb.verdict_given", subject, actor=by, kind=verdict.kind.value, grace_until=day)
    verdict_given.send(EditionVerdict, verdict=record)
    return record


def judge_revision(sender: Any, instance: Any, revision: Any, **kwargs: Any) -> None:
    """Record the verdict a published revision carries (receiver of Wagtail's ``published``); the next begins anew.

    However it is published, by form, workflow, schedule or verb, it comes through here. An editorial one of what was
    never published before says nothing.
    """
    is_first = instance.first_published_at == instance.last_published_at
    kind = VerdictKind(instance.revision_verdict)
    if kind == VerdictKind.EDITORIAL:
        if not is_first and revision.user_id is not None:
            record_revision_verdict(instance, revision, EDITORIAL, by=revision.user)
        return
    record_revision_verdict(instance, revision, Verdict(kind, instance.read_until), by=revision.user)
    type(instance).objects.filter(pk=instance.pk).update(revision_verdict=VerdictKind.EDITORIAL, read_until=None)
