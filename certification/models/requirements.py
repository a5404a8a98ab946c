"""Requirements of schemes; each kind fills its own columns, enforced by check constraints."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from certification.kinds import requirement_kind_choices, requirement_kinds
from certification.models.practicals import Checklist
from certification.models.quizzes import Quiz
from certification.models.schemes import Scheme
from courses.models import TrainingModule


class Requirement(models.Model):
    """One thing a scheme asks for; which field is filled depends on the kind, and the database holds it so."""

    sort_order_field = "order"

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="requirements")
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(_("kind of requirement"), max_length=30, choices=requirement_kind_choices)
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
    other_scheme = models.ForeignKey(
        Scheme,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="required_by",
        verbose_name=_("other scheme"),
    )
    manual = models.ForeignKey(
        "kb.Manual",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="required_by",
        verbose_name=_("manual"),
    )
    parameters = models.JSONField(default=dict, blank=True, help_text="What the kind asks for besides these fields.")

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["scheme", "order", "pk"]
        constraints = [
            # One a kind that has fields of its own: ~(kind = it) or its ``constraint``.
            models.CheckConstraint(
                condition=~Q(kind="hours") | Q(module__isnull=False, minutes__gt=0),
                name="hours_requirement_is_complete",
                violation_error_message=_("A requirement of hours needs a module and at least one minute."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="quiz") | Q(quiz__isnull=False),
                name="quiz_requirement_is_complete",
                violation_error_message=_("Choose the quiz that has to be passed."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="practical") | Q(checklist__isnull=False),
                name="practical_requirement_is_complete",
                violation_error_message=_("Choose the checklist of the practical assessment."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="statutory") | Q(statutory_kind__isnull=False),
                name="statutory_requirement_is_complete",
                violation_error_message=_("Choose which statutory certificate is required."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="scheme") | Q(other_scheme__isnull=False),
                name="scheme_requirement_is_complete",
                violation_error_message=_("Choose the scheme that must be held."),
            ),
            models.CheckConstraint(
                condition=~Q(other_scheme=F("scheme")),
                name="a_scheme_does_not_require_itself",
                violation_error_message=_("A scheme cannot require itself. Choose another one."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="manual") | Q(manual__isnull=False),
                name="manual_requirement_is_complete",
                violation_error_message=_("Choose the manual that must be read."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="sign_offs") | Q(checklist__isnull=False),
                name="sign_offs_requirement_is_complete",
                violation_error_message=_("Choose the checklist that several assessors sign."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="away") | Q(checklist__isnull=False),
                name="away_requirement_is_complete",
                violation_error_message=_("Choose the checklist that is shown again after months away."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="differences")
                | (Q(other_scheme__isnull=False) & (Q(quiz__isnull=False) | Q(module__isnull=False, minutes__gt=0))),
                name="differences_requirement_is_complete",
                violation_error_message=_(
                    "Choose the scheme of the sibling model, and a module with its minutes or a quiz."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.get_kind_display()}"

    def clean(self) -> None:
        """Validate what the database constraints enforce, with readable messages.

        Raises:
            ValidationError: naming the field that is missing, or that belongs to another kind.
        """
        if self.kind in requirement_kinds:
            requirement_kinds.get(self.kind).clean(self)
