"""Find tasks and posts by their value or title."""

from collections.abc import Iterable

from portal.access.lookup.people import found_or_raise
from portal.access.sight import below
from portal.enums import Task
from portal.errors import AmbiguousPosition, Candidate, DomainError, UnknownPosition, UnknownTask
from portal.models import Organisation, Person, Position
from portal.typed import name_key, plain, unlabelled

# Posts offered for one title.
OFFERED = 20


def find_task(text: str) -> Task:
    """Return the task by its value or its name on screen; repair when nothing is given.

    Raises:
        UnknownTask: it is none of the five.
    """
    wanted = plain(text).lower()
    if not wanted:
        return Task.REPAIR
    for task in Task:
        if wanted in (task.value, str(task.label).lower()):
            return task
    raise UnknownTask(task=text.strip()[:30], tasks=", ".join(Task.values))


def positions_in_network(asker: Person) -> list[Position]:
    """Return the posts of the asker's network; without a place of work all there are."""
    positions = Position.objects.select_related("organisation").order_by("organisation__path", "title")
    roots = {place.path[: Organisation.steplen] for place in asker.places}
    if asker.is_superuser or not roots:
        return list(positions)
    return list(positions.filter(organisation__in=Organisation.objects.filter(below(roots)).order_by().values("pk")))


def find_position(asker: Person, text: str) -> Position:
    """Return the post of the asker's network with this title, or with "<organisation's code>/<title>".

    Raises:
        UnknownPosition: there is none.
        AmbiguousPosition: several have the title.
    """
    return found_or_raise(position_named(positions_in_network(asker), text))


def position_named(positions: Iterable[Position], text: str) -> Position | DomainError:
    """Return the one of ``positions`` that is meant, or why none is; see :func:`find_position`."""
    wanted = unlabelled(text)
    key, found = name_key(wanted), []
    for position in positions:
        if "/" in wanted and key == name_key(position_label(position)):
            return position
        if key and key == name_key(position.title):
            found.append(position)
    if len(found) == 1:
        return found[0]
    if not found:
        return UnknownPosition(position=wanted[:80])
    labels = [position_label(position) for position in found[:OFFERED]]
    return AmbiguousPosition([Candidate(label, label) for label in labels], position=wanted[:80])


def position_label(position: Position) -> str:
    """Write a post so that it can be found again: HQ/技术员."""
    return f"{position.organisation.code}/{position.title}"
