"""System checks: an index that cannot be searched or written is told at start-up; search degrades meanwhile."""

import datetime as dt
from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from .engine import HealthState

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


@register("search")
def indexes_are_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Look at every index: is there one, is it whole, did this version write it, can it be written?"""
    from .indexes import all_indexes

    found: dict[HealthState, list[str]] = {}
    for index in all_indexes():
        health = index.engine.health()
        if health.state is not HealthState.OK:
            # Which file is damaged helps; that each index is missing or outdated for the same reason does not.
            said = f"{index.name} ({health.detail})" if health.state is HealthState.DAMAGED else index.name
            found.setdefault(health.state, []).append(said)
    messages: list[CheckMessage] = []
    for state, indexes in found.items():
        code, hint = _HINTS[state]
        messages.append(Warning(f"Search index {state}: {', '.join(indexes)}.", hint=hint, id=code))
    return messages


@register("search")
def changes_are_written(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Look at the outbox: does a change wait for long, could one not be written?"""
    from portal.models import SearchOutbox

    try:
        waiting, failed = SearchOutbox.objects.waiting(), SearchOutbox.objects.failed()
        oldest, last, number = waiting.first(), failed.order_by("pk").last(), failed.count()
    except DatabaseError:  # not migrated yet, or told elsewhere
        return []
    messages = []
    if oldest is not None and oldest.created_at < timezone.now() - WAIT_AT_MOST:
        messages.append(f"Changes have waited for the search indexes since {oldest.created_at:%Y-%m-%d %H:%M} UTC.")
    if last is not None:
        what = f"the last {last.model_label} {last.object_pk}, {last.error}"
        messages.append(f"{number} changes could not be written into the search indexes, {what}.")
    hint = "They are tried again by themselves: is a task worker running, and what does its log say?"
    return [Warning(message, hint=hint, id="portal.W105") for message in messages]
