"""Queries on handling records."""

from django.db.models import QuerySet

from kb.models import HandlingRecord
from portal.models import EquipmentUnit


def records_of(unit: EquipmentUnit) -> QuerySet[HandlingRecord]:
    """Return the rows that hold: the newest first, those a correction took the place of left out."""
    rows = HandlingRecord.objects.filter(unit=unit, correction__isnull=True)
    return rows.select_related("person", "article", "case", "corrects__person", "recorded_by").order_by("-day", "-pk")


def all_rows_of(unit: EquipmentUnit) -> QuerySet[HandlingRecord]:
    """Return every row of the file in the order they were written, corrected ones too."""
    rows = HandlingRecord.objects.filter(unit=unit).select_related("person", "article", "case", "recorded_by")
    return rows.order_by("recorded_at", "pk")
