"""Tile of handling records on the file of a machine and on the page its label opens."""

from django.http import HttpRequest

from kb.handling.permissions import may_read_records, may_record
from kb.handling.queries import records_of
from kb.handling.sight import read_rows
from portal.models import EquipmentUnit
from portal.registry.tiles import Tile

SHOWN = 3


def records_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return the newest records for who may look the machine up; the label alone does not show them."""
    if not may_read_records(request.user, unit):
        return None
    rows = list(records_of(unit)[: SHOWN + 1])
    records = may_record(request.user, unit)
    if not rows and not records:
        return None
    shown = read_rows(rows[:SHOWN], unit, request.user)
    context = {"rows": shown, "has_more": len(rows) > SHOWN, "unit": unit, "may_record": records}
    return Tile("kb/handling/tiles/unit_records.html", context)
