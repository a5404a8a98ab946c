"""Context that every template gets."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.models import PortalSettings
from portal.offline.keeping import owner_of
from portal.registry.navigation import nav_for


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return names, hotline, menu and reader; the settings are read only by templates that show them."""
    settings = SimpleLazyObject(lambda: PortalSettings.load(request_or_site=request))
    return {
        "site_name": SimpleLazyObject(lambda: settings.site_name),
        "portal_settings": settings,
        "hotline": SimpleLazyObject(lambda: settings.hotline),
        "nav_items": SimpleLazyObject(lambda: nav_for(request)),
        "person": getattr(request, "user", None),
        "device_owner": SimpleLazyObject(lambda: owner_of(getattr(request, "user", None))),
    }
