"""System checks: an index that cannot be searched or written is told at start-up; search degrades meanwhile."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from .engine import HealthState

_HINTS = {
    HealthState.MISSING: ("portal.W101", "Run `manage.py rebuild_search`."),
    HealthState.DAMAGED: (
        "portal.W102",
        "Run `manage.py rebuild_search`; searches degrade to the database until then.",
    ),
    HealthState.OUTDATED: (
        "portal.W103",
        "Run `manage.py rebuild_search`; searches degrade to the database until then.",
    ),
    HealthState.READ_ONLY: (
        "portal.W104",
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
