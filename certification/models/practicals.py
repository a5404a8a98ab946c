"""Checklists and practical assessments signed by appointed assessors."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from certification.enums import PracticalResult
from certification.models.versions import ApprovedVersion
from portal.enums import Task


class Checklist(ClusterableModel):
    """Checklist of a practical assessment for a category."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=120)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="checklists",
        verbose_name=_("category"),
    )

    pass_percent = models.PositiveSmallIntegerField(
        _("share to be shown"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of the items that are not critical; a critical item must always be shown."),
    )
    assessor_task = models.CharField(
        _("the assessor must be allowed to"),
        max_length=12,
        choices=Task.choices,
        blank=True,
        help_text=_("Asked of the gate for a machine of the category on the day. Empty: the appointment is enough."),
    )
    trainer_may_assess = models.BooleanField(
        _("the trainer may assess"),
        default=True,
        help_text=_("Off: whoever trained the candidate on this equipment does not sign."),
    )
    asks_signature = models.BooleanField(
        _("the candidate signs"),
        default=False,
        help_text=_("With a finger on the assessor's screen; who does not sign is named with the reason."),
    )

    class Meta:
        verbose_name = _("practical checklist")
        verbose_name_plural = _("practical checklists")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_percent__range=(1, 100)),
                name="share_in_percent",
                violation_error_message=_("The share needed to pass is between 1 and 100 percent."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class ChecklistItem(Orderable):
    """One thing to show; a critical one that fails, fails the whole."""

    checklist = ParentalKey(Checklist, on_delete=models.CASCADE, related_name="items")
    text = models.CharField(_("to be shown"), max_length=200)
    expected = models.CharField(_("expected"), max_length=300, blank=True)
    is_critical = models.BooleanField(_("critical"), default=False)
    # What to read where it was not done properly: a chapter or an article.
    chapter = models.ForeignKey(
        "kb.ManualChapter",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("manual chapter"),
        help_text=_("What to read again where it was not done properly: a chapter, or a fault article."),
    )
    article = models.ForeignKey(
        "kb.FaultArticle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("fault article"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        constraints = [
            models.CheckConstraint(
                condition=Q(chapter__isnull=True) | Q(article__isnull=True),
                name="item_cites_one_section",
                violation_error_message=_("Name a chapter or a fault article, not both."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class ItemReview(models.Model):
    """What the section an item cites said when the two were last compared, and since when somebody must look again.

    It is no part of the checklist that is approved: a practical goes on while it is asked whether an item still holds.
    """

    item = models.OneToOneField(ChecklistItem, on_delete=models.CASCADE, related_name="review")
    cited = models.JSONField(default=dict)
    asked_at = models.DateTimeField(_("to be compared since"), null=True, blank=True)
    asked_because = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("comparison of a checklist item")
        verbose_name_plural = _("comparisons of checklist items")
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return str(self.item)


class AppointmentQuerySet(models.QuerySet):
    """Appointments by day."""

    def valid_on(self, day: dt.date) -> "AppointmentQuerySet":
        """Appointments in force on ``day``; an open end lasts until it is ended."""
        return self.filter(start__lte=day).filter(Q(end__isnull=True) | Q(end__gte=day))


class AssessorAppointment(models.Model):
    """A person may assess practicals of a category from a day to a day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("assessor"),
    )
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="assessors",
        verbose_name=_("category"),
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessor appointment")
        verbose_name_plural = _("assessor appointments")
        constraints = [
            models.UniqueConstraint(fields=["person", "category", "start"], name="appointed_once_a_start"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="appointment_ends_after_start",
                violation_error_message=_("The last day of the appointment must not be before its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.category}"


class PracticalDraft(models.Model):
    """A checklist somebody has begun and not signed: what was ticked and written so far, as the form posts it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practical_drafts")
    answers = models.JSONField(default=dict)
    # What was shown before signing, as a hash; only that is signed.
    looked_at = models.CharField(max_length=32, blank=True)
    saved_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("practical that was begun")
        verbose_name_plural = _("practicals that were begun")
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["assessor", "person", "checklist"], name="one_draft_a_practical"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.checklist}"


class PracticalDraftPhoto(models.Model):
    """A photo taken of one item while the checklist is filled in; signing keeps it, see :class:`PracticalPhoto`."""

    draft = models.ForeignKey(PracticalDraft, on_delete=models.CASCADE, related_name="photos")
    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, related_name="+")
    document = models.OneToOneField("portal.PortalDocument", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("photo of a practical that was begun")
        verbose_name_plural = _("photos of practicals that were begun")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.draft} · {self.item}"


class PracticalAssessment(models.Model):
    """One signed checklist. ``rows`` keeps the words that were signed, not a link to words that may change."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practicals")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="assessments")
    checklist_version = models.ForeignKey(ApprovedVersion, on_delete=models.PROTECT, related_name="+")
    # The person changed or approved this checklist, up to the version signed: a grant asks for a counter-signature.
    changed_checklist = models.BooleanField(default=False)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practicals_signed")
    assessed_on = models.DateField(_("assessed on"))
    result = models.CharField(_("result"), max_length=8, choices=PracticalResult.choices)
    rows = models.JSONField(
        help_text="[{text, expected, is_critical, is_shown, remark, photos: [SHA-256], section}] as signed."
    )
    remark = models.TextField(_("remark"), blank=True)
    # The candidate's hand, or why there is none; both empty where the checklist asks for no signature.
    signature = models.JSONField(default=list, blank=True, help_text="[[x, y, x, y, …], …], a list a stroke.")
    unsigned_because = models.CharField(_("not signed by the candidate because"), max_length=200, blank=True)
    signed_at = models.DateTimeField(default=timezone.now)
    # Made by the form; a second post of the same form finds the first one's record.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("practical assessment")
        verbose_name_plural = _("practical assessments")
        ordering = ["-assessed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("assessor")),
                name="nobody_assesses_oneself",
                violation_error_message=_("Nobody assesses themselves. Choose another assessor."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.checklist}"


class PracticalPhoto(models.Model):
    """A photo of one row of a signed checklist; the row has the hash of its content."""

    practical = models.ForeignKey(PracticalAssessment, on_delete=models.PROTECT, related_name="photos")
    row = models.PositiveSmallIntegerField(help_text="Place of the row in the checklist as signed, from 0.")
    document = models.OneToOneField("portal.PortalDocument", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("photo of a practical")
        verbose_name_plural = _("photos of practicals")
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return f"{self.practical} · {self.row + 1}"
