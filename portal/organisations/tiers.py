"""Names of the tiers as the organisation's settings define them."""

from django.http import HttpRequest

from portal.enums import Tier
from portal.models import PortalSettings


def tier_name(tier: str, request: HttpRequest | None = None) -> str:
    """Return what the organisation calls ``tier``; with a request the settings are read once for all of it."""
    return PortalSettings.load(request_or_site=request).tier_name(tier)


def tier_choices(request: HttpRequest | None = None) -> list[tuple[str, str]]:
    """Return every tier with its name, in the order of the network, for forms and filters."""
    settings = PortalSettings.load(request_or_site=request)
    return [(tier.value, settings.tier_name(tier)) for tier in Tier]
