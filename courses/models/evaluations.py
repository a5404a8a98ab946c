"""What people think of a session, without their names, and what it brought after some weeks, as managers see it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.attendance import Attendance
from courses.models.nominations import Nominee
from courses.models.sessions import Session

#: What is judged, each from 1 (bad) to 5 (very good).
ASPECTS = ("content", "teaching", "organisation", "place")


class EvaluationInvite(models.Model):
    """That somebody who was there may evaluate a session, and whether they have.

    All invites of a session are made at once, so that their order tells nothing about who answered when; nothing links
    one to an evaluation.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="evaluation_invites")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluation_invites"
    )
    nominee = models.ForeignKey(
        Nominee, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluation_invites"
    )
    is_used = models.BooleanField(_("answered"), default=False)

    class Meta:
        verbose_name = _("invitation to evaluate")
        verbose_name_plural = _("invitations to evaluate")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, nominee__isnull=True) | Q(person__isnull=True, nominee__isnull=False),
                name="evaluation_invite_is_of_one",
                violation_error_message=_("Either a person or a named person evaluates."),
            ),
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(person__isnull=False),
                name="person_evaluates_once",
                violation_error_message=_("This session was evaluated already."),
            ),
            models.UniqueConstraint(
                fields=["session", "nominee"],
                condition=Q(nominee__isnull=False),
                name="nominee_evaluates_once",
                violation_error_message=_("This session was evaluated already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"


def _score(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Evaluation(models.Model):
    """One evaluation: of a session, by nobody in particular. It has no time, and its key is a random number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="evaluations")
    content = _score(_("content"))
    teaching = _score(_("teaching"))
    organisation = _score(_("organisation of the training"))
    place = _score(_("room and place"))
    remark = models.TextField(_("remark"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{aspect}__gte": 1, f"{aspect}__lte": 5}) | Q(**{f"{aspect}__isnull": True}),
                name=f"evaluation_{aspect}_from_1_to_5",
                violation_error_message=_("Choose a number from 1 to 5."),
            )
            for aspect in ASPECTS
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"


class Complaint(models.Model):
    """A complaint about a session, past its trainer, to who manages the branch; it says nothing of its writer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="complaints")
    text = models.TextField(_("complaint"), max_length=1000)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="complaint_says_something",
                violation_error_message=_("Write what the complaint is."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"


class EffectReview(models.Model):
    """What a training brought somebody after 30 or 90 days, judged by a superior; open until one has answered."""

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="effect_reviews")
    after_days = models.PositiveSmallIntegerField(_("days after the training"))
    due_on = models.DateField(_("due"))
    applies = _score(_("uses it at work"))
    alone = _score(_("works without help"))
    remark = models.TextField(_("remark"), max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("review of the effect")
        verbose_name_plural = _("reviews of the effect")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance", "after_days"],
                name="effect_reviewed_once_a_term",
                violation_error_message=_("This review is asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, applies__gte=1, applies__lte=5, alone__gte=1, alone__lte=5),
                name="effect_review_is_whole",
                violation_error_message=_("Choose a number from 1 to 5."),
            ),
        ]
        indexes = [models.Index(fields=["reviewed_at", "due_on"])]

    def __str__(self) -> str:
        return f"{self.attendance} · {self.after_days}"
