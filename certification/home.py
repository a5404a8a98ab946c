"""The reader's own panel on the home page: may I work, and if not, what is missing and where is a seat."""

from django.http import HttpRequest

from certification.files import files_of, statutory_of
from certification.permissions import may_survey
from certification.surveys import allowed_on
from portal.audiences import is_staff_member
from portal.models import EquipmentUnit
from portal.registry import duty
from portal.registry.tiles import Tile

# More than these would push everything else off a phone's first screen; the rest is one tap away.
SHOWN = 3
UNIT_PEOPLE = 8


def duty_panel(request: HttpRequest) -> Tile | None:
    """Return what the reader's posts require and is not held, then what is held, then what was begun besides."""
    reader = request.user
    if not reader.is_authenticated or not is_staff_member(reader):
        return None
    files = files_of(reader)
    if not files:
        return None
    open_files = [file for file in files if not file.is_held]
    context = {
        "required_files": [file for file in open_files if file.is_required][:SHOWN],
        "held_files": [file for file in files if file.is_held],
        "begun_files": [file for file in open_files if not file.is_required][:SHOWN],
    }
    return Tile("certification/parts/home_panel.html", context)


def certificates_panel(request: HttpRequest) -> Tile | None:
    """Return the reader's certificates for the page /me/."""
    files = files_of(request.user)
    cards = statutory_of(request.user)
    if not files and not cards:
        return None
    return Tile("certification/parts/me_panel.html", {"files": files, "cards": cards})


def unit_panel(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
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
    return Tile("certification/parts/unit_panel.html", context)
