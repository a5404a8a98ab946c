"""System checks of the indexes and the outbox (portal.W101 to W105)."""

import datetime as dt
from typing import Any

from django.core.checks import Warning, register
from django.db import DatabaseError
from django.utils import timezone

from portal.models import SearchOutbox
from portal.search.engine import HealthState
from portal.search.indexing.indexes import all_indexes

#: The index answers, but takes no changes.
READ_ONLY = "portal.W104"
#: How long a change may wait for the indexes before that is told.
WAIT_AT_MOST = dt.timedelta(minutes=10)

_REBUILT = (
    "A task worker rebuilds it within a minute; without one run `manage.py rebuild_search`. "
    "Searches degrade to the database until then."
)
_HINTS = {
    HealthState.MISSING: ("portal.W101", _REBUILT),
    HealthState.DAMAGED: ("portal.W102", _REBUILT),
    HealthState.OUTDATED: ("portal.W103", _REBUILT),
    HealthState.READ_ONLY: (
        READ_ONLY,
        "Give the portal's user write permission; changes wait in the outbox until then.",
    ),
}
#: No search is answered from the index.
UNSEARCHABLE = frozenset(code for state, (code, _hint) in _HINTS.items() if not state.searchable)


class CountedWarning(Warning):
    """A warning that says how many it is about, for those who may not read what it says.

    Args:
        number: indexes or changes.
        facts: as of any warning.
    """

    def __init__(self, msg: str, number: int, **facts: Any) -> None:
        super().__init__(msg, **facts)
        self.number = number


@register("search")
def indexes_are_usable(app_configs: Any, **kwargs: Any) -> list[CountedWarning]:
    """Look at every index: is there one, is it whole, did this version write it, can it be written?"""
    found: dict[HealthState, list[str]] = {}
    for index in all_indexes():
        health = index.engine.health()
        if health.state is not HealthState.OK:
            # Which file is damaged helps; that each index is missing or outdated for the same reason does not.
            said = f"{index.name} ({health.detail})" if health.state is HealthState.DAMAGED else index.name
            found.setdefault(health.state, []).append(said)
    messages: list[CountedWarning] = []
    for state, indexes in found.items():
        code, hint = _HINTS[state]
        message = f"Search index {state}: {', '.join(indexes)}."
        messages.append(CountedWarning(message, len(indexes), hint=hint, id=code))
    return messages


@register("search")
def changes_are_written(app_configs: Any, **kwargs: Any) -> list[CountedWarning]:
    """Look at the outbox: does a change wait for long, could one not be written?"""
    try:
        overdue = SearchOutbox.objects.waiting().filter(created_at__lt=timezone.now() - WAIT_AT_MOST)
        failed = SearchOutbox.objects.failed()
        oldest, late = overdue.order_by("created_at").first(), overdue.count()
        last, number = failed.order_by("pk").last(), failed.count()
    except DatabaseError:  # not migrated yet, or told elsewhere
        return []
    said: list[tuple[str, int]] = []
    if oldest is not None:
        since = f"{oldest.created_at:%Y-%m-%d %H:%M} UTC"
        said.append((f"Changes have waited for the search indexes since {since}.", late))
    if last is not None:
        what = f"the last {last.model_label} {last.object_pk}, {last.error}"
        said.append((f"{number} changes could not be written into the search indexes, {what}.", number))
    hint = "They are tried again by themselves: is a task worker running, and what does its log say?"
    return [CountedWarning(message, count, hint=hint, id="portal.W105") for message, count in said]
