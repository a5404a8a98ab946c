"""Drafts and approved versions of schemes, quizzes and checklists; a second person approves."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import DraftState
from portal.models import AppendOnlyModel


class Draft(models.Model):
    """A proposed state of one record. The record's own row changes only when the draft is approved.

    ``record_label`` and ``record_id`` name the record, e.g. ``certification.quiz`` and 7; a record that does not exist
    yet has no ``record_id`` until the approval makes it.
    """

    record_label = models.CharField(max_length=60)
    record_id = models.PositiveBigIntegerField(null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=DraftState.choices, default=DraftState.WAITING)
    opened_at = models.DateTimeField(_("drafted at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["opened_at", "pk"]
        default_permissions = ()
        permissions = [
            ("approve_scheme", "Can approve changes of schemes"),
            ("approve_quiz", "Can approve changes of quizzes"),
            ("approve_checklist", "Can approve changes of checklists"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record_label", "record_id"],
                condition=Q(state="waiting", record_id__isnull=False),
                name="one_waiting_draft_a_record",
                violation_error_message=_(
                    "A draft of this record is already waiting for approval. Continue with that one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="draft_decided_by_somebody",
                violation_error_message=_("A draft that was decided on must say who decided and when."),
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""),
                name="rejection_has_a_reason",
                violation_error_message=_("Say why the draft is rejected."),
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(record_id__isnull=False),
                name="approved_draft_has_a_record",
                violation_error_message=_("An approved draft must have become a record."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DraftSave(AppendOnlyModel):
    """One saved state of a draft and who saved it; the one with the highest number is what is to be decided."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="saves")
    number = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("saved draft")
        ordering = ["draft", "number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_save_once")]

    def __str__(self) -> str:
        return f"{self.draft} · {self.number}"


class ApprovedVersion(AppendOnlyModel):
    """The content of a record, rows included, as somebody other than its authors put it into effect."""

    record_label = models.CharField(max_length=60)
    record_id = models.PositiveBigIntegerField()
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(encoder=DjangoJSONEncoder)
    draft = models.OneToOneField(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="version")
    changed_by = models.ManyToManyField(settings.AUTH_USER_MODEL, through="VersionAuthor", related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), default=timezone.now)

    class Meta:
        verbose_name = _("approved version")
        verbose_name_plural = _("approved versions")
        ordering = ["record_label", "record_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["record_label", "record_id", "number"], name="approved_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_label}:{self.record_id} · {self.number}"


class VersionAuthor(AppendOnlyModel):
    """Somebody who wrote part of a version."""

    version = models.ForeignKey(ApprovedVersion, on_delete=models.PROTECT, related_name="authors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="versions_written")

    class Meta:
        verbose_name = _("author of a version")
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="version_author_once")]

    def __str__(self) -> str:
        return f"{self.version} · {self.person}"
