"""Assignments of people to positions, and the trail of what was on record about them at any moment."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.audit import AppendOnlyModel
from portal.models.bar import keeping_changes
from portal.models.organisations import Organisation, Position


class AssignmentQuerySet(models.QuerySet):
    """Assignments by day. Every way to write them leaves a record of what they said from then on."""

    def valid_on(self, day: dt.date) -> "AssignmentQuerySet":
        """Assignments in force on ``day``; an open end lasts for ever."""
        return self.filter(start__lte=day).filter(models.Q(end__isnull=True) | models.Q(end__gte=day))

    def of(self, people: Iterable[models.Model]) -> "AssignmentQuerySet":
        """Assignments of these people."""
        return self.filter(person__in=people)

    def update(self, **kwargs: Any) -> int:
        """Change assignments and keep what they say now."""
        keys = list(self.values_list("pk", flat=True))
        with transaction.atomic(using=self.db), keeping_changes(self.model, keys):
            changed = super().update(**kwargs)
            keep_record(self.model._base_manager.filter(pk__in=keys))
        return changed

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Add assignments and keep what they say."""
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            keep_record(created)
        return created

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove assignments and keep that they were."""
        with transaction.atomic(using=self.db):
            keep_record(list(self), is_removed=True)
            return super().delete()


class Assignment(models.Model):
    """A person holds a position from a day to a day (both included)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("person")
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("position")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("place of work")
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="assignment_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.UniqueConstraint(fields=["person", "position", "start"], name="assignment_once_a_start"),
        ]
        indexes = [models.Index(fields=["organisation", "start"]), models.Index(fields=["person", "start"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.position}"

    def save(self, *args: Any, recorded_at: dt.datetime | None = None, **kwargs: Any) -> None:
        """Save, and keep what the assignment says from now on.

        Args:
            recorded_at: since when it has been on record, for what is taken over from elsewhere; now by default.
        """
        with transaction.atomic():
            super().save(*args, **kwargs)
            # As it is stored: only some fields may have been saved.
            keep_record(type(self)._base_manager.filter(pk=self.pk), recorded_at)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove, and keep that it was."""
        with transaction.atomic():
            keep_record([self], is_removed=True)
            return super().delete(*args, **kwargs)


class AssignmentRecord(AppendOnlyModel):
    """What one assignment said from a moment on, until its next record: the gate's answer "as known then" reads these.

    People, positions and places that were ever named here stay; somebody who has left is made inactive.
    """

    # Not a foreign key: the trail outlives the assignment.
    assignment_key = models.BigIntegerField(_("assignment"), db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("place of work")
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)
    is_removed = models.BooleanField(_("removed"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("record of an assignment")
        verbose_name_plural = _("records of assignments")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["person", "recorded_at"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.position} · {self.recorded_at:%Y-%m-%d %H:%M}"

    def holds_on(self, day: dt.date) -> bool:
        """Whether it puts the person into the position on ``day``."""
        return not self.is_removed and self.start <= day and (self.end is None or day <= self.end)


def keep_record(
    assignments: Collection[Assignment] | models.QuerySet[Assignment],
    recorded_at: dt.datetime | None = None,
    *,
    is_removed: bool = False,
) -> None:
    """Add to the trail what ``assignments`` say, inside the caller's transaction."""
    moment = recorded_at or timezone.now()
    AssignmentRecord.objects.bulk_create(
        AssignmentRecord(
            assignment_key=each.pk,
            person_id=each.person_id,
            position_id=each.position_id,
            organisation_id=each.organisation_id,
            start=each.start,
            end=each.end,
            is_removed=is_removed,
            recorded_at=moment,
        )
        for each in assignments
    )
