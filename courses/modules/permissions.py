"""Who may see a training module."""

from typing import Any

from django.db.models import QuerySet

from courses.models import TrainingModule
from portal.audiences import can_open, readable


def visible_modules(reader: Any) -> QuerySet[TrainingModule]:
    """Return the published modules ``reader`` may open."""
    return readable(TrainingModule.objects.filter(live=True), reader)


def can_see_module(reader: Any, module: TrainingModule) -> bool:
    """Whether ``reader`` may open the page of ``module``."""
    return module.live and can_open(reader, module.audience)
