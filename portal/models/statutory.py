"""Kinds of statutory certificate, and the rules which equipment and task needs which.

One truth for everybody who asks: the duty gate, the guides, the training modules and the page of a machine read these
records through ``portal.equipment.statutory``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.enums import Task
from portal.models.bar import BarModel
from portal.models.equipment import EquipmentCategory, EquipmentModel


def validate_project_codes(value: Any) -> None:
    """Hold the project codes to a list of short texts without repetition.

    Raises:
        ValidationError: it is anything else.
    """
    is_list = isinstance(value, list) and all(isinstance(code, str) and 0 < len(code) <= 20 for code in value)
    if not is_list or len(set(value)) != len(value):
        raise ValidationError(_("Project codes are a list of short texts, each once."))


def validate_tasks(value: Any) -> None:
    """Hold the tasks of a rule to a list of known tasks without repetition.

    Raises:
        ValidationError: it is anything else.
    """
    if not isinstance(value, list) or not set(value) <= set(Task.values) or len(set(value)) != len(value):
        raise ValidationError(_("Tasks are a list of known tasks, each once."))


class StatutoryKind(models.Model):
    """A certificate issued outside, e.g. 特种作业操作证; the source of its terms is kept with it."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    project_codes = models.JSONField(
        _("project codes"),
        default=list,
        blank=True,
        validators=[validate_project_codes],
        help_text=_("Codes the card may name (e.g. T for lift repair), one a line; none when it names no project."),
    )
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_years = models.PositiveSmallIntegerField(_("valid for years"), null=True, blank=True)
    review_years = models.PositiveSmallIntegerField(_("re-examined every years"), null=True, blank=True)
    renewal_lead_days = models.PositiveSmallIntegerField(
        _("days before the end shown in yellow"),
        default=90,
        help_text=_("How long before its last day the renewal of the card is to be begun."),
    )
    review_lead_days = models.PositiveSmallIntegerField(
        _("days before the re-examination shown in yellow"),
        default=60,
        help_text=_("How long before it is due the re-examination (复审) is to be applied for."),
    )
    rule = models.CharField(_("source of the rule"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kind of statutory certificate")
        verbose_name_plural = _("kinds of statutory certificate")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class StatutoryRule(BarModel):
    """Tasks on this category (and those below it) or on this model need this kind of card."""

    kind = models.ForeignKey(
        StatutoryKind, on_delete=models.PROTECT, related_name="rules", verbose_name=_("kind of statutory certificate")
    )
    category = models.ForeignKey(
        EquipmentCategory,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statutory_rules",
        verbose_name=_("category"),
        help_text=_("Holds for every model of this category and those below it."),
    )
    model = models.ForeignKey(
        EquipmentModel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statutory_rules",
        verbose_name=_("model"),
        help_text=_("Holds for this model alone."),
    )
    tasks = models.JSONField(
        _("tasks"),
        default=list,
        blank=True,
        validators=[validate_tasks],
        help_text=_("What the card is needed for; none ticked means every task."),
    )
    source = models.CharField(_("source of the rule"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("statutory rule")
        verbose_name_plural = _("statutory rules")
        ordering = ["kind__code", "category__path", "model__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False, model__isnull=True) | Q(category__isnull=True, model__isnull=False),
                name="statutory_rule_names_one_scope",
                violation_error_message=_("Choose a category or a single model, not both."),
            ),
            models.UniqueConstraint(fields=["kind", "category"], name="statutory_rule_once_a_category"),
            models.UniqueConstraint(fields=["kind", "model"], name="statutory_rule_once_a_model"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.scope}"

    @property
    def scope(self) -> EquipmentCategory | EquipmentModel | None:
        """The category or the model the rule holds for."""
        return self.category or self.model

    @property
    def task_labels(self) -> list[str]:
        """The tasks in words, in the order of the tasks; none for every task."""
        return [str(task.label) for task in Task if task in self.tasks]

    def clean(self) -> None:
        """Refuse a rule without exactly one scope, as the database constraint does.

        Raises:
            ValidationError: neither or both are named.
        """
        if (self.category_id is None) == (self.model_id is None):
            raise ValidationError(_("Name either a category or a model."))
