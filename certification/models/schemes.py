"""Schemes: qualifications with their tasks, scope, requirements and validity in months."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from certification.enums import Level, SchemeEffect, Year
from portal.enums import Task

# Days of grace a scheme gives at most.
LONGEST_GRACE = 180


def is_above(higher: str, lower: str) -> Q:
    """Return the condition of :meth:`Scheme.does_for` in SQL, for a scheme above another one.

    Args:
        higher: path of the one, such as ``guide__ledger__scheme``; empty for the scheme that is asked.
        lower: path of the other.
    """
    upper = f"{higher}__" if higher else ""
    alike = {f"{upper}{name}": F(f"{lower}__{name}") for name in ("track", "effect")}
    # A level above another one has a track: the database holds it.
    return Q(**alike, **{f"{upper}level__gt": F(f"{lower}__level"), f"{upper}is_active": True})


class SchemeQuerySet(models.QuerySet):
    """Schemes by what they do."""

    def doing_for(self, lower: Any) -> "SchemeQuerySet":
        """Schemes that do for one of ``lower``: these themselves, and higher levels of their tracks.

        Args:
            lower: keys of schemes, or a queryset of them.
        """
        rungs = Scheme.objects.filter(
            pk__in=lower, track=OuterRef("track"), effect=OuterRef("effect"), level__lt=OuterRef("level")
        )
        return self.filter(Q(pk__in=lower) | Q(Exists(rungs), is_active=True))

    def done_by(self, higher: "Scheme") -> "SchemeQuerySet":
        """Schemes ``higher`` does for: itself, and the lower levels of its track."""
        below = Q(track=higher.track, effect=higher.effect, level__lt=higher.level)
        return self.filter(Q(pk=higher.pk) | below if higher.is_active else Q(pk=higher.pk))

    def in_force(self) -> "SchemeQuerySet":
        """Schemes that count: what was taken out of force opens nothing and asks for nothing."""
        return self.filter(is_active=True)

    def openers(self) -> "SchemeQuerySet":
        """Schemes that open tasks or posts."""
        return self.filter(effect=SchemeEffect.OPENS)

    def with_reach(self) -> "SchemeQuerySet":
        """Load tasks and scopes with the schemes: two queries, however many there are."""
        scopes = SchemeScope.objects.select_related("category", "model__category")
        return self.prefetch_related("tasks", Prefetch("scopes", scopes))


class Scheme(ClusterableModel):
    """A qualification one can hold, e.g. 冷冻设备维修上岗资格.

    It either opens its tasks on its scope (any one valid opener suffices) or is a condition that must hold besides.
    A post takes every scheme that names it, openers and conditions alike.
    A condition without tasks holds for every task, one without scope for all equipment, one with positions only for
    those who hold one of them on the day.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    effect = models.CharField(
        _("effect"),
        max_length=10,
        choices=SchemeEffect.choices,
        default=SchemeEffect.OPENS,
        help_text=_("Any one valid scheme that opens a task suffices; every condition must hold besides."),
    )
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), default=24)
    track = models.CharField(
        _("track"),
        max_length=40,
        blank=True,
        help_text=_("Schemes of one track are rungs of one ladder; write it alike in each. Empty without levels."),
    )
    level = models.PositiveSmallIntegerField(
        _("level"),
        choices=Level.choices,
        default=Level.NONE,
        help_text=_("Whoever holds a higher level of the track may do the work of the lower ones."),
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("renewed from so many days before the last one"),
        null=True,
        blank=True,
        help_text=_("Empty: as the settings say. Renewed early, it goes on from its old last day."),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=0,
        help_text=_("So many days after the last one the duty check still allows the work, and says until when."),
    )
    year = models.CharField(
        _("a year is"),
        max_length=10,
        choices=Year.choices,
        default=Year.ROLLING,
        help_text=_("Over which days what is asked for every year is counted."),
    )
    needs_two = models.BooleanField(
        _("work for two"),
        default=False,
        help_text=_("The duty check says that a second qualified person must be there."),
    )
    is_active = models.BooleanField(_("in force"), default=True)
    positions = ParentalManyToManyField(
        "portal.Position",
        blank=True,
        related_name="schemes",
        verbose_name=_("required for positions"),
        help_text=_("All schemes that name a post must be held in it."),
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_months__gt=0),
                name="scheme_lasts",
                violation_error_message=_("A qualification must be valid for at least one month."),
            ),
            models.CheckConstraint(
                condition=Q(effect__in=SchemeEffect.values),
                name="scheme_effect_known",
                violation_error_message=_("Choose one of the effects offered."),
            ),
            models.CheckConstraint(
                condition=Q(year__in=Year.values),
                name="scheme_year_known",
                violation_error_message=_("Choose one of the years offered."),
            ),
            models.CheckConstraint(
                condition=Q(level=0, track="") | (Q(level__in=[1, 2, 3]) & ~Q(track="")),
                name="scheme_level_has_a_track",
                violation_error_message=_("A level belongs to a track, and a track has levels: give both or neither."),
            ),
            models.CheckConstraint(
                condition=Q(renewal_days__isnull=True) | Q(renewal_days__range=(1, 730)),
                name="scheme_renewal_days_sensible",
                violation_error_message=_("The renewal round opens 1 to 730 days before the last day."),
            ),
            models.CheckConstraint(
                condition=Q(grace_days__lte=LONGEST_GRACE),
                name="scheme_grace_sensible",
                violation_error_message=_("Days of grace are 180 at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_condition(self) -> bool:
        """Whether it must hold beside the scheme that opens the task."""
        return self.effect == SchemeEffect.CONDITION

    @property
    def level_words(self) -> str:
        """The track with the level, such as 冷冻设备 · 高级; nothing without."""
        return f"{self.track} · {self.get_level_display()}" if self.track else ""

    def does_for(self, lower: "Scheme") -> bool:
        """Whether to hold it is as good as to hold ``lower``: the same, or a higher level of its track in force."""
        if self.pk == lower.pk:
            return True
        is_same_track = bool(self.track) and (self.track, self.effect) == (lower.track, lower.effect)
        return self.is_active and is_same_track and self.level > lower.level

    def renewed_from(self, expiring_days: int) -> int:
        """Return how many days before the last one it may be renewed.

        Args:
            expiring_days: what the settings say for schemes that say nothing.
        """
        return expiring_days if self.renewal_days is None else self.renewal_days


def check_reach(effect: str, tasks: Collection[str], *, has_scope: bool, has_positions: bool) -> None:
    """Check that an opening scheme names tasks, and equipment or positions.

    Raises:
        ValidationError: by field (``permitted_tasks``, or the whole form).
    """
    if effect != SchemeEffect.OPENS:
        return
    if not tasks:
        raise ValidationError({"permitted_tasks": _("A scheme that opens needs at least one task.")})
    if not (has_scope or has_positions):
        raise ValidationError(_("A scheme that opens needs equipment it holds for, or positions that require it."))


class SchemeTask(models.Model):
    """A task the scheme opens or, for a condition, is limited to."""

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="tasks")
    task = models.CharField(_("task"), max_length=10, choices=Task.choices)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "task"], name="scheme_task_once"),
            models.CheckConstraint(
                condition=Q(task__in=Task.values),
                name="scheme_task_known",
                violation_error_message=_("Choose one of the tasks offered."),
            ),
        ]

    def __str__(self) -> str:
        return str(Task(self.task).label)


class SchemeScope(models.Model):
    """Equipment a scheme holds for: a category with everything below it, or a single model."""

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="scopes")
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scheme_scopes",
        verbose_name=_("category"),
        help_text=_("Covers every model of this category and those below it."),
    )
    model = models.ForeignKey(
        "portal.EquipmentModel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scheme_scopes",
        verbose_name=_("single model"),
    )

    class Meta:
        verbose_name = _("equipment covered")
        verbose_name_plural = _("equipment covered")
        ordering = ["scheme", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False, model__isnull=True) | Q(category__isnull=True, model__isnull=False),
                name="scope_is_category_or_model",
                violation_error_message=_("Choose a category or a single model, not both."),
            ),
            models.UniqueConstraint(fields=["scheme", "category"], name="scheme_category_once"),
            models.UniqueConstraint(fields=["scheme", "model"], name="scheme_model_once"),
        ]

    def __str__(self) -> str:
        return str(self.category or self.model)
