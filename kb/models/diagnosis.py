"""Diagnosis guides: a tree of yes/no questions that ends in a remedy or an escalation."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from kb.enums import StepKind, Where
from kb.models.pictures import PictureBlock
from kb.models.published import JudgedRecord
from kb.tree import Node, Tree
from kb.validators import Shortfall, article_number_validator, lines, step_key_validator
from portal.enums import Audience, Task
from portal.models import EquipmentModel


class DiagnosisGuide(JudgedRecord):
    """How to find one fault, question by question, on a phone beside the machine."""

    number = models.CharField(
        _("number"),
        max_length=30,
        unique=True,
        validators=[article_number_validator],
        help_text=_("For example DG-COLDROOM; part of the address."),
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
        related_name="guides",
        verbose_name=_("category"),
    )
    equipment = ParentalManyToManyField(
        "portal.EquipmentModel",
        blank=True,
        related_name="guides",
        verbose_name=_("equipment models"),
        help_text=_("None when it holds for the whole category."),
    )
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    safety = models.TextField(
        _("safety"), blank=True, help_text=_("What holds for the whole guide, one warning a line; shown on every step.")
    )
    tools = models.TextField(_("tools"), blank=True, help_text=_("One a line."))
    minutes = models.PositiveSmallIntegerField(_("expected minutes"), null=True, blank=True)
    note = models.TextField(
        _("note for editors"), blank=True, help_text=_("Not shown to readers: doubts, contradictions, to do.")
    )
    review_due = models.DateField(_("review due"), null=True, blank=True)

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("symptom"),
        index.SearchField("number"),
        index.SearchField("aliases"),
        index.RelatedFields("steps", [index.SearchField("text")]),
        index.AutocompleteField("title"),
        index.AutocompleteField("number"),
        index.FilterField("audience"),
        index.FilterField("category_id"),
        index.FilterField("live"),
        index.FilterField("number"),
    ]

    class Meta:
        verbose_name = _("diagnosis guide")
        verbose_name_plural = _("diagnosis guides")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values),
                name="guide_audience_known",
                violation_error_message=_("Choose one of the audiences offered."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("kb:guide", args=[self.number])

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "kb/diagnosis/preview.html"

    @property
    def is_dangerous(self) -> bool:
        """Whether a step of it is hazardous work."""
        return any(step.task for step in self.steps.all())

    @property
    def safety_list(self) -> list[str]:
        """Warnings that hold for the whole guide."""
        return lines(self.safety)

    def machines(self) -> list[EquipmentModel]:
        """Return the machines it is about: those named, else all of the category and of those below it."""
        named = list(self.equipment.all())
        if named or self.category_id is None:
            return named
        return list(EquipmentModel.objects.filter(category__path__startswith=self.category.path).order_by("code"))

    def tree(self) -> Tree:
        """Return the steps as a tree."""
        return Tree(step.as_node() for step in self.steps.all())

    def shortfalls(self) -> list[Shortfall]:
        """Return what keeps this version from being published, nothing when it may be."""
        return [*self.tree().shortfalls(), *self.verdict_shortfalls()]


class DiagnosisStep(Orderable):
    """A question with two ways on, or an end. Steps name each other by key, so that a draft can be copied and moved."""

    guide = ParentalKey(DiagnosisGuide, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(
        _("step"),
        max_length=10,
        validators=[step_key_validator],
        help_text=_("Short and unique in the guide: 1, 2, 2a."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind.choices, default=StepKind.QUESTION)
    text = models.CharField(
        _("question or result"),
        max_length=200,
        help_text=_("One thing to look at, answered by yes or no; or what to do."),
    )
    detail = models.TextField(_("how"), blank=True, help_text=_("How to look, measure or repair; one act a line."))
    where = models.CharField(_("where"), max_length=5, choices=Where.choices, default=Where.SITE)
    yes = models.CharField(_("yes leads to"), max_length=10, blank=True, help_text=_("Step; questions only."))
    no = models.CharField(_("no leads to"), max_length=10, blank=True, help_text=_("Step; questions only."))
    warning = models.CharField(_("warning"), max_length=300, blank=True, help_text=_("Always shown, to everybody."))
    task = models.CharField(
        _("work"),
        max_length=12,
        choices=Task.choices,
        blank=True,
        help_text=_("For hazardous steps: how it is done is shown only to who may do this work on the machine today."),
    )
    card = models.ForeignKey(
        "portal.StatutoryKind",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("statutory certificate"),
        help_text=_("The card this step needs, named with its warning."),
    )
    article = models.ForeignKey(
        "kb.FaultArticle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="guide_steps",
        verbose_name=_("fault article"),
        help_text=_("Where the remedy is described in full."),
    )
    pictures = StreamField(
        PictureBlock(),
        blank=True,
        verbose_name=_("pictures"),
        help_text=_("Where to look and where to put the hand. At a hazardous step for who may do it only."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=StepKind.values),
                name="step_kind_known",
                violation_error_message=_("Choose one of the kinds offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(task__in=["", *Task.values]),
                name="step_task_known",
                violation_error_message=_("Choose one of the tasks offered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.text}"

    @property
    def detail_list(self) -> list[str]:
        """What to do, one act each."""
        return lines(self.detail)

    def as_node(self) -> Node:
        """Return the step as its tree sees it."""
        return Node(self.key, self.kind, self.text, self.yes.strip(), self.no.strip(), bool(self.task))
