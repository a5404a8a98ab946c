"""Add organisations and positions."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access import audit
from portal.access.changes import added
from portal.access.editing import change_fields
from portal.enums import Tier
from portal.errors import DomainError
from portal.models import Organisation, Position, ServiceArea
from portal.organisations.tiers import tier_name


class OrganisationCodeTaken(DomainError):
    """Two organisations cannot share a code."""

    code = "organisation_code_taken"
    message = _("The code “%(taken)s” belongs to another organisation. Choose a different one.")


class MisplacedOrganisation(DomainError):
    """The network has headquarters above regions above outlets; customers hang anywhere, nothing below them."""

    code = "misplaced_organisation"
    status = 422
    message = _("A “%(tier)s” cannot stand below a “%(parent_tier)s”.")


# Which tiers a tier may stand below; None is the top of a network.
PARENT_TIERS: dict[str, frozenset[str | None]] = {
    Tier.HQ: frozenset({None}),
    Tier.REGION: frozenset({Tier.HQ, Tier.REGION}),
    Tier.OUTLET: frozenset({Tier.HQ, Tier.REGION}),
    Tier.CUSTOMER: frozenset({None, Tier.HQ, Tier.REGION, Tier.OUTLET}),
}


def check_place(tier: str, parent: Organisation | None) -> None:
    """Refuse a tier below a parent it cannot stand under.

    Raises:
        MisplacedOrganisation: e.g. a region below an outlet.
    """
    parent_tier = parent.tier if parent else None
    if parent_tier not in PARENT_TIERS[tier]:
        above = tier_name(parent_tier) if parent_tier else _("top of the network")
        raise MisplacedOrganisation(tier=tier_name(tier), parent_tier=above)


@transaction.atomic
def add_organisation(
    code: str,
    name: str,
    tier: str,
    *,
    parent: Organisation | None = None,
    areas: Iterable[str] = (),
    actor: Any = None,
    **facts: Any,
) -> Organisation:
    """Add a place to the network.

    Args:
        areas: prefectures an outlet answers for.
        facts: further fields such as ``address`` or ``phone``.

    Raises:
        OrganisationCodeTaken: the code is in use.
        MisplacedOrganisation: the tier cannot stand there.
    """
    if Organisation.objects.filter(code=code).exists():
        raise OrganisationCodeTaken(taken=code)
    check_place(tier, parent)
    fields = {"code": code, "name": name, "tier": tier, **facts}
    if parent is None:
        organisation = Organisation.add_root(**fields)
    else:
        organisation = Organisation.objects.get(pk=parent.pk).add_child(**fields)
    ServiceArea.objects.bulk_create(
        ServiceArea(organisation=organisation, prefecture=area) for area in dict.fromkeys(areas)
    )
    audit.record("portal.organisation_added", organisation, actor=actor, changes=added(organisation))
    return organisation


@transaction.atomic
def add_position(organisation: Organisation, title: str, *, actor: Any = None, **facts: Any) -> Position:
    """Add a post to an organisation; ``facts`` are further fields such as ``responsibilities``."""
    position = Position.objects.create(organisation=organisation, title=title, **facts)
    audit.record("portal.position_added", position, actor=actor, changes=added(position))
    return position


def change_organisation(organisation: Organisation, *, actor: Any = None, **facts: Any) -> Organisation:
    """Correct facts of a place, such as ``name``, ``address`` or ``phone``; it stays where it is in the tree."""
    return change_fields(organisation, "portal.organisation_changed", actor=actor, **facts)


def change_position(position: Position, *, actor: Any = None, **facts: Any) -> Position:
    """Correct facts of a post, such as its ``headcount``."""
    return change_fields(position, "portal.position_changed", actor=actor, **facts)
