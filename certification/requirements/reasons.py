"""What reasons say about requirements: their kind, and what of a scheme is still missing."""

from collections.abc import Iterable
from typing import Any

from certification.kinds import requirement_kinds
from certification.requirements.base import RequirementKind
from portal.registry.duty import Reason


def kind_of(reason: Reason) -> RequirementKind | None:
    """Return the kind of requirement a reason is about; None for the gate's own reasons."""
    return requirement_kinds.by(_by_code).get(reason.code)


def _by_code(kinds: Iterable[Any]) -> dict[str, RequirementKind]:
    return {code: kind for kind in kinds for code in kind.codes}


def is_on_the_day(reason: Reason) -> bool:
    """Whether a reason is about a requirement that must hold on the day of duty, such as a statutory card."""
    kind = kind_of(reason)
    return kind is not None and not kind.is_in_house


def lacking_in_house(reasons: Iterable[Reason]) -> list[Reason]:
    """Return what is missing in-house for the grant; nothing where another road was taken to its end."""
    in_house = [(kind_of(reason), reason) for reason in reasons if is_in_house(reason)]
    roads = [reason for kind, reason in in_house if kind is not None and kind.is_alternative]
    others = [reason for kind, reason in in_house if kind is not None and not kind.is_alternative]
    if any(reason.met for reason in roads) or (others and all(reason.met for reason in others)):
        return []
    return [reason for reason in (*others, *roads) if not reason.met]


def is_other_road(reason: Reason) -> bool:
    """Whether a reason is about a requirement that does instead of the others."""
    kind = kind_of(reason)
    return kind is not None and kind.is_alternative


def is_in_house(reason: Reason) -> bool:
    """Whether a reason is about an in-house requirement."""
    kind = kind_of(reason)
    return kind is not None and kind.is_in_house
