"""What becomes of a clash of sessions, as the organisation wants it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from courses.enums import ClashKind, Policy


def _policy(kind: ClashKind, default: Policy, **kwargs: Any) -> models.CharField:
    return models.CharField(kind.label, max_length=8, choices=Policy.choices, default=default, **kwargs)


@register_setting(icon="calendar-alt")
class ClashPolicy(BaseGenericSetting):
    """For each kind of clash: nothing, a warning to be confirmed, or a refusal. A field is named like its kind."""

    trainer = _policy(ClashKind.TRAINER, Policy.BLOCK)
    unqualified = _policy(
        ClashKind.UNQUALIFIED,
        Policy.IGNORE,
        help_text=_("A module may be stricter than this, never laxer."),
    )
    place = _policy(ClashKind.PLACE, Policy.WARN)
    equipment = _policy(ClashKind.EQUIPMENT, Policy.WARN)
    trainee = _policy(ClashKind.TRAINEE, Policy.WARN)
    seats = _policy(ClashKind.SEATS, Policy.WARN)
    holiday = _policy(ClashKind.HOLIDAY, Policy.WARN)

    panels = [FieldPanel(kind.value) for kind in ClashKind]

    class Meta:
        verbose_name = _("clashes of sessions")

    def of(self, kind: ClashKind) -> Policy:
        """Return what becomes of a clash of ``kind``."""
        return Policy(getattr(self, kind.value))
