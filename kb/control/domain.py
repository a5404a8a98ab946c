"""Review drafts: by somebody else than the authors whom the gate allows to do the work described."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.control.errors import DraftChanged, NotAReviewer, OwnWork, UnqualifiedReviewer, WordsNeeded
from kb.control.matter import work_of
from kb.enums import ReviewDecision
from kb.errors import ReviewMissing
from kb.models import ContentReview, ManualEdition
from kb.models.reviews import REVIEW, authors_of, digest_of, is_approved
from portal.access import audit
from portal.access.changes import snapshot
from portal.enums import Task
from portal.models import AuditEvent, EquipmentModel, Person
from portal.registry import duty
from portal.registry.duty import DutyAnswer, DutyQuestion

#: The act in the audit log; it is no act of an author.
REVIEWED = "kb.draft_reviewed"


def may_try(record: Any, person: Any) -> bool:
    """Whether ``person`` may say a word on the draft: a reviewer who is none of its authors."""
    return person.has_perm(REVIEW) and person.pk not in writers_of(record)


def writers_of(record: Any) -> set[int]:
    """Return the authors of a draft; of an edition whoever saved it, as the audit log says."""
    if not isinstance(record, ManualEdition):
        return authors_of(record)
    events = AuditEvent.objects.filter(subject=f"{record._meta.label_lower}:{record.pk}", actor__isnull=False)
    events = events.exclude(action=REVIEWED)
    return set(events.order_by().values_list("actor", flat=True))


def content_of(record: Any) -> dict[str, Any]:
    """Return the words of a draft as they are compared: with its rows."""
    return snapshot(record) if isinstance(record, ManualEdition) else record.serializable_data()


@transaction.atomic
def review(
    record: Any, reviewer: Person, decision: ReviewDecision, *, comment: str = "", seen: str | None = None
) -> ContentReview:
    """Record a second person's word on exactly these words.

    Args:
        seen: digest of the words the reviewer was shown; None where ``record`` is what they were shown.

    Raises:
        DraftChanged: the words are others than those seen.
        NotAReviewer: without the role.
        OwnWork: by one of the authors.
        UnqualifiedReviewer: an approval by somebody the gate does not allow to do the work; with its reasons.
        WordsNeeded: changes asked for without words.
    """
    if not reviewer.has_perm(REVIEW):
        raise NotAReviewer
    digest = _digest_locked(record, seen)
    if reviewer.pk in writers_of(record):
        raise OwnWork
    if decision == ReviewDecision.CHANGES and not comment.strip():
        raise WordsNeeded
    gate = _ask_gate(record, reviewer) if decision == ReviewDecision.APPROVED else []
    row = ContentReview.objects.create(
        record_label=record._meta.label_lower,
        record_id=record.pk,
        digest=digest,
        decision=decision,
        comment=comment.strip()[:2000],
        reviewer=reviewer,
        gate=gate,
    )
    audit.record(REVIEWED, record, actor=reviewer, decision=decision.value, comment=row.comment)
    return row


def _digest_locked(record: Any, seen: str | None) -> str:
    """Return the digest of the draft, which stays as it is until the word is recorded."""
    locked = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    # The words of an edition are its rows, which somebody may have saved meanwhile; others come as a revision.
    digest = digest_of(content_of(locked if isinstance(record, ManualEdition) else record))
    if seen is not None and seen != digest:
        raise DraftChanged
    return digest


def refusal_of(record: Any, reviewer: Person) -> UnqualifiedReviewer | None:
    """Return why the gate does not let somebody approve a draft, None when it does; before a word is said."""
    try:
        _ask_gate(record, reviewer)
    except UnqualifiedReviewer as refused:
        return refused
    return None


def _ask_gate(record: Any, reviewer: Person) -> list[dict[str, Any]]:
    """Return what the gate says for the reviewer; all machines named must be allowed alone, of a category one."""
    work = work_of(record)
    day, now = timezone.localdate(), timezone.now()
    questions = [
        DutyQuestion(reviewer, day, now, equipment=machine, task=task)
        for task in work.tasks
        for machine in work.machines
    ]
    answers = duty.ask_many(questions) if questions else []
    # Who may do it under a guide only, with a limit, or because somebody answers for it, does not judge how others do.
    refused = [answer for answer in answers if not answer.is_free]
    if refused and (work.is_named or len(refused) == len(answers)):
        _refuse(refused[0])
    return [_kept(answer) for answer in answers if answer.is_free]


def _kept(answer: DutyAnswer) -> dict[str, Any]:
    numbers = [str(certificate["number"]) for certificate in answer.certificates]
    machine, task = _work_of(answer)
    return {"equipment": machine.code, "task": str(task), "certificates": numbers}


def _refuse(answer: DutyAnswer) -> None:
    machine, task = _work_of(answer)
    why = [reason for reason in answer.reasons if not reason.met] or answer.reasons[:1]
    reasons = " ".join(str(reason.message) for reason in why)
    raise UnqualifiedReviewer(task=task.label, equipment=machine.name, reasons=reasons)


def _work_of(answer: DutyAnswer) -> tuple[EquipmentModel, Task]:
    """Return the machine and the task asked about; a review asks about no post."""
    if answer.equipment is None or answer.task is None:
        raise ValueError("A review is asked about work on a machine.")
    return answer.equipment, answer.task


def check_reviewed(edition: ManualEdition, by: Any) -> None:
    """Refuse to publish an edition that warns of danger unless a second person approved exactly these words.

    Raises:
        ReviewMissing: nobody but its authors has.
    """
    if by is None or not edition.is_dangerous:
        return
    if not is_approved(edition, content_of(edition), writers_of(edition)):
        raise ReviewMissing(title=str(edition))
