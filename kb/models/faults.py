"""Fault articles: structured records with safety notes first and causes paired with remedies."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.search import index

from kb.enums import Recovery, Severity, Verification
from kb.models.fault_rows import FaultCode, clashes
from kb.models.pictures import PictureBlock
from kb.models.published import JudgedRecord
from kb.subjects import SubjectWords, words_of
from kb.validators import Shortfall, article_number_validator, lines, publication_shortfalls
from portal.enums import Audience, ServiceStage, SubjectKind, Task


class FaultArticle(JudgedRecord):
    """What to do about one fault of one family of machines (or one disease of one species)."""

    number = models.CharField(
        _("article number"),
        max_length=30,
        unique=True,
        validators=[article_number_validator],
        help_text=_("For example RF-FROST; printed, cited and part of the address."),
    )
    title = models.CharField(_("title"), max_length=160)
    symptom = models.CharField(_("symptom"), max_length=300, help_text=_("What one sees or hears."))
    aliases = models.TextField(
        _("what people say"),
        blank=True,
        help_text=_("Other words for this fault, one a line: what customers say on the phone. They are searched."),
    )
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="faults",
        verbose_name=_("category"),
    )
    equipment = ParentalManyToManyField(
        "portal.EquipmentModel", blank=True, related_name="faults", verbose_name=_("equipment models")
    )
    brand = models.CharField(_("brand"), max_length=60, blank=True, help_text=_("Empty when it holds for any brand."))
    family = models.CharField(_("model family"), max_length=120, blank=True)
    model_scope = models.CharField(
        _("scope in words"), max_length=160, blank=True, help_text=_("Which variants it holds for.")
    )
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.STOP)
    stage = models.CharField(
        _("service stage"), max_length=12, choices=ServiceStage.choices, default=ServiceStage.AFTER_SALES
    )
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    display_where = models.CharField(_("where the code is shown"), max_length=200, blank=True)
    judgement = models.TextField(
        _("set when"), blank=True, help_text=_("What must be measured, and for how long, before it is reported.")
    )
    clear_when = models.TextField(_("cleared when"), blank=True, help_text=_("What must hold before it goes away."))
    distinction = models.TextField(
        _("distinguishing signs"), blank=True, help_text=_("How to tell it from what looks alike, one sign a line.")
    )
    recovery = models.CharField(_("recovery"), max_length=10, choices=Recovery.choices, default=Recovery.UNKNOWN)
    repeat_rule = models.CharField(
        _("when it comes back"),
        max_length=300,
        blank=True,
        help_text=_("What the machine does after repeated trips."),
    )
    is_phone_doable = models.BooleanField(_("first checks can be done by phone"), default=False)
    task = models.CharField(
        _("work"),
        max_length=12,
        choices=Task.choices,
        default=Task.REPAIR,
        help_text=_("What the gate is asked about when a reader or a reviewer may do it."),
    )
    who_may_do = models.CharField(_("who may do it"), max_length=200, blank=True)
    required_certificates = ParentalManyToManyField(
        "portal.StatutoryKind",
        blank=True,
        related_name="faults",
        verbose_name=_("statutory certificates"),
        help_text=_("What this work needs. The statutory rules of the equipment hold besides and are shown with them."),
    )
    minutes = models.PositiveSmallIntegerField(_("expected minutes"), null=True, blank=True)
    tools = models.TextField(_("tools"), blank=True, help_text=_("One a line."))
    parts = models.TextField(_("spare parts"), blank=True, help_text=_("One a line."))
    pictures = StreamField(
        PictureBlock(),
        blank=True,
        verbose_name=_("pictures"),
        help_text=_("Where one sees it and where the parts sit. What belongs to one cause stands with the cause."),
    )
    chapter = models.ForeignKey(
        "kb.ManualChapter",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="faults",
        verbose_name=_("manual chapter"),
    )
    verification = models.CharField(
        _("verification"), max_length=14, choices=Verification.choices, default=Verification.SECONDARY
    )
    note = models.TextField(
        _("note for editors"), blank=True, help_text=_("Not shown to readers: doubts, contradictions, to do.")
    )
    replaced_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaces",
        verbose_name=_("merged into"),
        help_text=_("Once this article is withdrawn, its address, its QR codes and its links lead there."),
    )
    review_due = models.DateField(_("review due"), null=True, blank=True)

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("symptom"),
        index.SearchField("number"),
        index.SearchField("aliases"),
        index.SearchField("brand"),
        index.SearchField("family"),
        index.RelatedFields("codes", [index.SearchField("code", boost=3)]),
        index.RelatedFields("pairs", [index.SearchField("cause"), index.SearchField("check_text")]),
        index.AutocompleteField("title"),
        index.AutocompleteField("number"),
        index.FilterField("audience"),
        index.FilterField("severity"),
        index.FilterField("verification"),
        index.FilterField("category_id"),
        index.FilterField("brand"),
        index.FilterField("live"),
        index.FilterField("number"),
    ]

    class Meta:
        verbose_name = _("fault article")
        verbose_name_plural = _("fault articles")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["live", "audience", "-last_published_at"], name="fault_latest_idx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(severity__in=Severity.values),
                name="fault_severity_known",
                violation_error_message=_("Choose one of the severities offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values),
                name="fault_audience_known",
                violation_error_message=_("Choose one of the audiences offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(task__in=Task.values),
                name="fault_task_known",
                violation_error_message=_("Choose one of the tasks offered."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # The codes hold a copy of what they are unique in; it follows when the article moves.
        FaultCode.objects.filter(article=self).exclude(scope=self.code_scope).update(scope=self.code_scope)

    def get_absolute_url(self) -> str:
        return reverse("kb:fault", args=[self.number])

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "kb/faults/fault.html"

    @property
    def code_scope(self) -> str:
        """What a code is unique in: category, brand and family."""
        return "|".join((str(self.category_id), self.brand, self.family))

    @property
    def is_dangerous(self) -> bool:
        """Whether the fault itself is dangerous."""
        return self.severity == Severity.DANGER

    @property
    def distinction_list(self) -> list[str]:
        """Signs that tell it from what looks alike."""
        return lines(self.distinction)

    @property
    def words(self) -> SubjectWords:
        """What the parts of the article are called: a disease has treatments, not remedies."""
        return words_of(self.category.kind if self.category_id else SubjectKind.MACHINE)

    @property
    def part_list(self) -> list[str]:
        """Spare parts to bring."""
        return lines(self.parts)

    def shortfalls(self) -> list[Shortfall]:
        """Return what keeps this version from being published, nothing when it may be."""
        pairs = [pair for pair in self.pairs.all() if pair.cause or pair.check_text]
        return [
            *publication_shortfalls(
                severity=self.severity, warnings=len(self.safety_notes.all()), pairs=len(pairs), words=self.words
            ),
            *clashes(self.code_scope, [row.code for row in self.codes.all()], self.pk),
            *self.verdict_shortfalls(),
        ]
