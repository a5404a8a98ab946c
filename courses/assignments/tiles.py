"""What the reader owes, on the home page."""

from django.http import HttpRequest

from courses.assignments.queries import owed_by
from portal.registry.tiles import Tile

#: How many are named.
SHOWN = 5


def owed_tile(request: HttpRequest) -> Tile | None:
    """Show the assigned training the reader has not done; nothing to who owes nothing."""
    person = request.user
    if not person.is_authenticated:
        return None
    rows = [row for row in owed_by(person) if not row.is_done]
    context = {"rows": rows[:SHOWN], "has_more": len(rows) > SHOWN}
    return Tile("courses/assignments/tiles/owed.html", context) if rows else None
