"""Changes of the bar: which somebody may see, and may confirm."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.access.narrowing import sees_everything
from portal.access.sight import people_in_sight
from portal.enums import Role
from portal.models import Assignment, BarChange, Position
from portal.models.bar import WATCHED
from portal.registry.sight import in_sight

# As schemes: managers and administrators second each other.
CONFIRM_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)
VIEW_ROLES = (*CONFIRM_ROLES, Role.REGIONAL_ADMINISTRATOR, Role.AUDITOR)


def may_see_changes(reader: Any) -> bool:
    """Whether the page of changes is open to ``reader``."""
    return bool(getattr(reader, "is_authenticated", False)) and reader.has_role(*VIEW_ROLES)


def may_confirm(reader: Any) -> bool:
    """Whether ``reader`` may confirm changes of others at all."""
    return bool(getattr(reader, "is_authenticated", False)) and reader.has_role(*CONFIRM_ROLES)


def changes_in_sight(reader: Any) -> QuerySet[BarChange]:
    """Return the changes ``reader`` may see, the latest first: equipment is the network's."""
    changes = BarChange.objects.select_related("changed_by", "decision__decided_by").order_by("-recorded_at", "-pk")
    if not may_see_changes(reader):
        return changes.none()
    if sees_everything(reader):
        return changes
    post, held = Position._meta.label_lower, Assignment._meta.label_lower
    posts = in_sight(Position.objects.order_by(), reader).values("pk")
    # Posts people left themselves are about the people.
    people = people_in_sight(reader).order_by().values("pk")
    return changes.filter(
        ~Q(record_label__in=(post, held))
        | Q(record_label=post, record_id__in=posts)
        | Q(record_label=held, changed_by__in=people)
    )


def waiting_for(reader: Any) -> QuerySet[BarChange]:
    """Return the changes that wait for ``reader`` to confirm them: those of others."""
    seen = changes_in_sight(reader)
    return seen.waiting().exclude(changed_by=reader.pk) if may_confirm(reader) else seen.none()


def kinds() -> dict[str, Any]:
    """Return the kinds of record that are part of the bar, by label, in words."""
    return {model._meta.label_lower: model._meta.verbose_name for model in WATCHED}
