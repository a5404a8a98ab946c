"""Tiles of training on the home page and the reader's own page."""

from django.http import HttpRequest

from courses.sessions.hours import progress_of
from courses.sessions.permissions import can_schedule
from courses.sessions.queries import ahead, for_lists, next_session_of
from portal.registry.tiles import Tile


def next_session_tile(request: HttpRequest) -> Tile | None:
    """Show the reader's next session, and for a trainer the next one to teach."""
    person = request.user
    if not person.is_authenticated:
        return None
    teaching = ahead(for_lists(person.sessions_taught.all())).first() if can_schedule(person) else None
    session = next_session_of(person)
    return Tile("courses/sessions/tiles/next_session.html", {"session": session, "teaching": teaching})


def hours_tile(request: HttpRequest) -> Tile | None:
    """Show the credited hours on one's own page; nothing to those who were never trained."""
    progress = progress_of(request.user)
    return Tile("courses/sessions/tiles/hours.html", {"progress": progress}) if progress else None
