"""Schemes: what must be shown, for which equipment, and how long it lasts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from certification.enums import RequirementKind
from certification.models.practicals import Checklist
from certification.models.quizzes import Quiz
from courses.models import TrainingModule


class StatutoryKind(models.Model):
    """A certificate issued outside, e.g. 特种作业操作证; the source of the rule is kept with it."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_years = models.PositiveSmallIntegerField(_("valid for years"), null=True, blank=True)
    review_years = models.PositiveSmallIntegerField(_("re-examined every years"), null=True, blank=True)
    rule = models.CharField(_("source of the rule"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kind of statutory certificate")
        verbose_name_plural = _("kinds of statutory certificate")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Scheme(ClusterableModel):
    """A qualification one can hold, e.g. 冷冻设备维修上岗资格."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="schemes",
        verbose_name=_("category"),
        help_text=_("Covers every model of this category and those below it."),
    )
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), default=24)
    is_active = models.BooleanField(_("in force"), default=True)
    positions = ParentalManyToManyField(
        "portal.Position", blank=True, related_name="schemes", verbose_name=_("required for positions")
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(valid_months__gt=0), name="scheme_lasts")]

    def __str__(self) -> str:
        return self.name


class Requirement(models.Model):
    """One thing a scheme asks for; which field is filled depends on the kind, and the database holds it so."""

    sort_order_field = "order"

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="requirements")
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(_("kind of requirement"), max_length=10, choices=RequirementKind.choices)
    module = models.ForeignKey(
        TrainingModule,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requirements",
        verbose_name=_("training module"),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, help_text=_("60 is one hour (小时).")
    )
    quiz = models.ForeignKey(
        Quiz,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requirements",
        verbose_name=_("quiz"),
    )
    checklist = models.ForeignKey(
        Checklist,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requirements",
        verbose_name=_("practical checklist"),
    )
    statutory_kind = models.ForeignKey(
        StatutoryKind,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requirements",
        verbose_name=_("kind of statutory certificate"),
    )

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["scheme", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="hours", module__isnull=False, minutes__gt=0)
                | Q(kind="quiz", quiz__isnull=False)
                | Q(kind="practical", checklist__isnull=False)
                | Q(kind="statutory", statutory_kind__isnull=False),
                name="requirement_names_its_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.get_kind_display()}"

    def clean(self) -> None:
        """Say in words what the database constraint holds: each kind names its thing.

        Raises:
            ValidationError: naming the field that is missing.
        """
        fields = {"hours": ("module", "minutes"), "quiz": ("quiz",), "practical": ("checklist",)}
        for field in fields.get(self.kind, ("statutory_kind",)):
            if not getattr(self, field):
                raise ValidationError({field: _("This kind of requirement needs it.")})
