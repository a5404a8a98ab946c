"""Tiles of the reader's own qualifications on the home page and the reader's own page."""

from django.http import HttpRequest

from certification.training_file.queries import files_of, statutory_of
from portal.audiences import is_staff_member
from portal.registry.tiles import Tile

# More than these would push everything else off a phone's first screen; the rest is one tap away.
SHOWN = 3


def duty_tile(request: HttpRequest) -> Tile | None:
    """Return what the reader's posts require and is not held, then what is held, then what was begun besides."""
    reader = request.user
    if not reader.is_authenticated or not is_staff_member(reader):
        return None
    files = files_of(reader)
    if not files:
        return None
    open_files = [file for file in files if not (file.is_held or file.instead)]
    context = {
        "required_files": [file for file in open_files if file.is_required][:SHOWN],
        "held_files": [file for file in files if file.is_held],
        "begun_files": [file for file in open_files if not file.is_required][:SHOWN],
    }
    return Tile("certification/training_file/tiles/home.html", context)


def certificates_tile(request: HttpRequest) -> Tile | None:
    """Return the reader's certificates for the page /me/."""
    files = files_of(request.user)
    cards = statutory_of(request.user)
    if not files and not cards:
        return None
    return Tile("certification/training_file/tiles/me.html", {"files": files, "cards": cards})
