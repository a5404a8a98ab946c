"""Who may see a training module."""

from typing import Any

from django.db.models import QuerySet

from courses.models import Course, TrainingModule
from portal.audiences import can_open, readable
from portal.enums import Role


def visible_modules(reader: Any) -> QuerySet[TrainingModule]:
    """Return the published modules ``reader`` may open."""
    return readable(TrainingModule.objects.filter(live=True), reader)


def can_see_module(reader: Any, module: TrainingModule) -> bool:
    """Whether ``reader`` may open the page of ``module``."""
    return module.live and can_open(reader, module.audience)


def may_see_coverage(reader: Any) -> bool:
    """Whether ``reader`` may see what modules leave out: whoever writes or arranges training, and auditors."""
    if not reader.is_authenticated or not reader.is_active or any(place.is_customer for place in reader.places):
        return False
    return reader.has_role(Role.TRAINER, Role.EDITOR, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_courses(reader: Any) -> QuerySet[Course]:
    """Return the courses on offer that ``reader`` may open."""
    return readable(Course.objects.filter(is_active=True), reader)
