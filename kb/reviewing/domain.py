"""Take the word of a second person on a draft that waits for one."""

from typing import Any

from django.db import transaction

from kb.control.domain import review
from kb.control.errors import DraftChanged, NotAReviewer, OwnWork
from kb.enums import ReviewDecision
from kb.models.reviews import REVIEW
from kb.reviewing.errors import NothingToReview
from kb.reviewing.queries import Waiting, waiting
from portal.models import Person

#: What the step of the workflow calls the two decisions.
ACTIONS = {ReviewDecision.APPROVED: "approve", ReviewDecision.CHANGES: "reject"}


def open_draft(kind: str, pk: int, reader: Any) -> Waiting:
    """Return a draft for its review.

    Raises:
        NotAReviewer: without the role.
        NothingToReview: it does not wait for a word any more.
        OwnWork: the reader wrote on it.
    """
    if not reader.has_perm(REVIEW):
        raise NotAReviewer
    found = waiting(kind, pk)
    if found is None:
        raise NothingToReview
    if found.is_by(reader):
        raise OwnWork
    return found


@transaction.atomic
def decide(
    kind: str, pk: int, reviewer: Person, decision: ReviewDecision, *, comment: str = "", seen: str = ""
) -> Waiting:
    """Record a word on a draft; approved, a draft in the workflow is published, refused it goes back to its author.

    Args:
        seen: digest of the words the reviewer was shown.

    Raises:
        DraftChanged: the draft is another one by now.
        UnqualifiedReviewer: the gate does not allow the reviewer to do the work it describes.
        WordsNeeded: changes are asked for without saying which.
    """
    found = open_draft(kind, pk, reviewer)
    if found.task is None:
        review(found.record, reviewer, decision, comment=comment, seen=seen)
        return found
    state = type(found.task).objects.select_for_update().get(pk=found.task.pk)
    if state.status != state.STATUS_IN_PROGRESS:
        raise NothingToReview
    if seen != found.digest:
        raise DraftChanged
    state.task.specific.on_action(state, reviewer, ACTIONS[decision], comment=comment)
    return found
