"""Who may work on a machine, on the page its label opens."""

from django.http import HttpRequest

from certification.duty.queries import allowed_on
from certification.permissions import may_survey
from portal.audiences import is_staff_member
from portal.models import EquipmentUnit
from portal.registry import duty
from portal.registry.tiles import Tile

UNIT_PEOPLE = 8


def unit_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return whether the reader may work on the machine today and, for who may survey, who in the branch may."""
    reader = request.user
    if not is_staff_member(reader):
        return None
    answer = duty.ask(reader, unit.model)
    allowed = allowed_on(reader, unit.model, answer.on) if may_survey(reader) else []
    context = {
        "answer": answer,
        # Who sends others is told about them, not that they themselves may not.
        "shows_own": answer.allowed or not may_survey(reader),
        "allowed": allowed[:UNIT_PEOPLE],
        "more": max(len(allowed) - UNIT_PEOPLE, 0),
        "surveys": may_survey(reader),
    }
    return Tile("certification/duty/tiles/unit.html", context)
