"""Queries on overrides."""

from typing import Any

from django.db.models import QuerySet

from certification.models import DutyOverride
from certification.permissions import may_audit
from portal.access.sight import people_in_sight


def overrides_in_sight(asker: Any) -> QuerySet[DutyOverride]:
    """Return the overrides for people in the sight of ``asker``, newest first: for managers and network roles."""
    if not may_audit(asker):
        return DutyOverride.objects.none()
    rows = DutyOverride.objects.filter(person__in=people_in_sight(asker).order_by().values("pk"))
    return rows.select_related(
        "person", "category", "model", "approved_by", "withdrawal", "withdrawal__withdrawn_by"
    ).order_by("-recorded_at", "-pk")
