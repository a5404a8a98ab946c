"""What a scheme asks for; which field is filled depends on the kind, and the database holds it so."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from certification.enums import RequirementKind
from certification.models.practicals import Checklist
from certification.models.quizzes import Quiz
from certification.models.schemes import Scheme
from courses.models import TrainingModule


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
        "portal.StatutoryKind",
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
