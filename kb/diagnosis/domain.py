"""Publish guides; start, continue and end runs through them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.diagnosis.errors import GuideChanged, NotAnEnd, NotYourRun, RunEnded
from kb.enums import RunResult
from kb.models import DiagnosisAnswer, DiagnosisGuide, DiagnosisRun
from kb.publication import publish
from kb.tree import LostPath, Node
from portal.access import publications
from portal.models import EquipmentModel


def publish_guide(guide: DiagnosisGuide, *, actor: Any = None) -> DiagnosisGuide:
    """Publish ``guide`` as it is in memory (with its steps), keeping a revision of it.

    Raises:
        NotPublishable: the tree has an open branch, a loop, a step nobody reaches, or no escalation.
    """
    return publish(guide, actor=actor)


def record_publication(sender: Any, instance: DiagnosisGuide, revision: Any, **kwargs: Any) -> None:
    """Write the publication into the audit log (receiver of Wagtail's ``published``)."""
    publications.record_publication("kb.guide_published", instance, revision, number=instance.number)


def record_withdrawal(sender: Any, instance: DiagnosisGuide, **kwargs: Any) -> None:
    """Write the withdrawal into the audit log (receiver of Wagtail's ``unpublished``)."""
    publications.record_withdrawal("kb.guide_withdrawn", instance, number=instance.number)


@transaction.atomic
def follow(
    guide: DiagnosisGuide,
    path: str,
    *,
    token: uuid.UUID,
    person: Any = None,
    equipment: EquipmentModel | None = None,
    at: dt.datetime | None = None,
) -> DiagnosisRun:
    """Record that a run stands at the end of ``path``; a run that is not there yet starts now.

    Sent twice it changes nothing. Going back and answering otherwise replaces the answers from there on.

    Args:
        path: answers in order, ``y`` or ``n`` each; empty at the first step.
        token: made where the run started.
        person: who follows the guide, or nobody for a reader without account.
        at: when it started, now by default; earlier ones were made without a network.

    Raises:
        GuideChanged: the guide has no such way any more.
        NotYourRun: the token is that of another person's run, or of another guide.
        RunEnded: the run has its result, and this is another way.
    """
    try:
        trail = guide.tree().walk(path)
    except LostPath as lost:
        raise GuideChanged(lost.kept) from lost
    begun = {"revision": guide.live_revision, "equipment": equipment, "started_at": at or timezone.now()}
    run, is_new = DiagnosisRun.objects.select_for_update().get_or_create(
        token=token, defaults={"guide": guide, "person": person, "last_key": trail[0].key, **begun}
    )
    if (run.guide_id, run.person_id) != (guide.pk, person.pk if person else None):
        raise NotYourRun
    if run.path == path and not is_new:
        return run
    if run.result != RunResult.OPEN:
        raise RunEnded
    _stand_at(run, path, trail)
    return run


def _stand_at(run: DiagnosisRun, path: str, trail: Sequence[Node]) -> None:
    """Record the answers of a locked run; those beyond where it stands now go."""
    run.path, run.last_key = path, trail[-1].key
    run.save(update_fields=["path", "last_key"])
    run.answers.all().delete()
    DiagnosisAnswer.objects.bulk_create(
        DiagnosisAnswer(run=run, position=position, key=node.key, answer=answer)
        for position, (node, answer) in enumerate(zip(trail, path, strict=False))
    )


@transaction.atomic
def end_run(run: DiagnosisRun, result: RunResult, *, reason: str = "", at: dt.datetime | None = None) -> DiagnosisRun:
    """Record how a run ended; the same result again changes nothing.

    Args:
        result: solved, not solved or escalated.
        reason: what did not help, in the words of who was there.
        at: when it ended, now by default.

    Raises:
        NotAnEnd: solved or escalated before an end of the guide; giving up is possible at every step.
        RunEnded: another result is recorded already.
    """
    locked = DiagnosisRun.objects.select_for_update().select_related("guide").get(pk=run.pk)
    if locked.result != RunResult.OPEN:
        if locked.result != result:
            raise RunEnded
        return locked
    here = locked.guide.tree().by_key.get(locked.last_key)
    if result != RunResult.NOT_SOLVED and here is not None and here.is_question:
        raise NotAnEnd
    locked.result, locked.reason, locked.ended_at = result, reason.strip()[:500], at or timezone.now()
    locked.save(update_fields=["result", "reason", "ended_at"])
    return locked
