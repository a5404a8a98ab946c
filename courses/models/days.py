"""Public holidays and the working days that make up for them (调休)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import DayKind


class SpecialDay(models.Model):
    """A day on which nobody works although its weekday says so, or the other way round."""

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices, default=DayKind.HOLIDAY)
    name = models.CharField(_("name"), max_length=40, help_text=_("The holiday it belongs to: 国庆节."))

    class Meta:
        verbose_name = _("holiday or working day")
        verbose_name_plural = _("holidays and working days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}（{self.get_kind_display()}）"

    @property
    def is_holiday(self) -> bool:
        """Whether nobody works."""
        return self.kind == DayKind.HOLIDAY
