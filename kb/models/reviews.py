"""Reviews of drafts by a second person, and the step of a workflow in which they are made."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, Task, TaskState

from kb.enums import ReviewDecision
from portal.enums import Role
from portal.models import AppendOnlyModel

REVIEW = "kb.add_contentreview"
#: Roles that come with the right.
REVIEWERS = (Role.TRAINER, Role.ASSESSOR, Role.MANAGER, Role.ADMINISTRATOR)

#: What publishing changes in a revision by itself; the words under review are the same.
NOT_WORDS = frozenset(
    {
        *("pk", "live", "latest_revision", "live_revision", "has_unpublished_changes", "first_published_at"),
        *(
            "last_published_at",
            "go_live_at",
            "expire_at",
            "expired",
            "locked",
            "locked_at",
            "locked_by",
            "published_on",
        ),
    }
)


def digest_of(content: dict[str, Any]) -> str:
    """Return what two contents of a record have in common when they say the same."""
    words = {name: value for name, value in content.items() if name not in NOT_WORDS}
    return hashlib.sha256(json.dumps(words, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()


class ContentReview(AppendOnlyModel):
    """A second person's word on a draft: for exactly these words, with what the gate said of the reviewer."""

    record_label = models.CharField(_("kind of record"), max_length=60)
    record_id = models.PositiveBigIntegerField(_("record"))
    digest = models.CharField(max_length=64, help_text="Of the content that was reviewed.")
    decision = models.CharField(_("decision"), max_length=10, choices=ReviewDecision.choices)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    gate = models.JSONField(default=list, blank=True, help_text="Machine, work and reasons the reviewer was allowed.")
    at = models.DateTimeField(_("reviewed at"), default=timezone.now)

    class Meta:
        verbose_name = _("review of a draft")
        verbose_name_plural = _("reviews of drafts")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["record_label", "record_id", "digest"], name="review_of_record_idx")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=ReviewDecision.values),
                name="review_decision_known",
                violation_error_message=_("Choose one of the decisions offered."),
            ),
            models.CheckConstraint(
                condition=~Q(decision=ReviewDecision.CHANGES, comment=""),
                name="review_says_what_to_change",
                violation_error_message=_("Say what is to be changed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} · {self.record_label}:{self.record_id}"


def is_approved(record: Model, content: dict[str, Any], authors: set[int]) -> bool:
    """Whether somebody who is none of ``authors`` approved exactly these words."""
    reviews = ContentReview.objects.filter(
        record_label=record._meta.label_lower, record_id=record.pk, digest=digest_of(content)
    )
    newest = reviews.exclude(reviewer__in=authors).order_by("-at", "-pk").first()
    return newest is not None and newest.decision == ReviewDecision.APPROVED


def authors_of(record: Any) -> set[int]:
    """Return who wrote on the draft since the version readers have: nobody of them reviews it."""
    revisions = Revision.objects.for_instance(record)
    if record.live_revision_id:
        revisions = revisions.filter(pk__gt=record.live_revision_id)
    return {author for author in revisions.order_by().values_list("user", flat=True) if author is not None}


@dataclass(frozen=True)
class ReviewActs:
    """The verbs of a review, which stand above the models.

    Args:
        may_try: whether somebody may say a word on a draft.
        review: records the word, or refuses it with a reason.
    """

    may_try: Callable[[Any, Any], bool]
    review: Callable[..., Any]


_acts: list[ReviewActs] = []


def register_review_acts(acts: ReviewActs) -> None:
    """Make ``acts`` those the workflow uses; call it from AppConfig.ready."""
    _acts[:] = [acts]


class SpecialistReview(Task):
    """A step of a workflow: somebody who may do the work on the equipment, and did not write the draft, approves it."""

    class Meta:
        verbose_name = _("review by a specialist")
        verbose_name_plural = _("reviews by specialists")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Whoever may review opens the draft."""
        return _acts[0].may_try(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Leave the words alone while they are under review, except for who reviews them."""
        return not _acts[0].may_try(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer the decision to whoever is no author; who is not qualified is told so with reasons."""
        if not _acts[0].may_try(obj, user):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
        ]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Record the review, then go on: an approval that is not the reviewer's to give is refused with its reason."""
        decision = ReviewDecision.APPROVED if action_name == "approve" else ReviewDecision.CHANGES
        _acts[0].review(task_state.revision.as_object(), user, decision, comment=kwargs.get("comment", ""))
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return the drafts that wait, without those the user sent in."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return waiting.exclude(workflow_state__requested_by=user) if user.has_perm(REVIEW) else waiting.none()

    @classmethod
    def get_description(cls) -> Any:
        """Return what editors of workflows read about it."""
        return _("Somebody whom the gate allows to do the work on the equipment, and who is no author, approves it")
