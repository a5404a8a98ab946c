"""The installable app: manifest, service worker, the page of what is on the device, and what the device asks."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.models import PortalSettings
from portal.offline.keeping import owner_of
from portal.offline.worker import worker_script
from portal.registry.field_cases import report_case_url

#: As in css/tokens.css: the header of every page, and the ground it stands on.
THEME, GROUND = "#0d2c36", "#f2f4f4"
ICON_SIZES = (192, 512)
HOUR = 3600
#: What the script of the page says of a row.
WORDS = {
    "article": gettext_lazy("Fault article"),
    "guide": gettext_lazy("Guided diagnosis"),
    "manual": gettext_lazy("Manual"),
    "form": gettext_lazy("Form"),
    "run": gettext_lazy("Diagnosis run"),
    "case": gettext_lazy("Field case"),
    "draft": gettext_lazy("Practical checklist"),
    "pinned": gettext_lazy("kept by you"),
    "opened": gettext_lazy("opened before"),
    "waiting": gettext_lazy("waiting to be sent"),
    "writing": gettext_lazy("under way"),
    "sent": gettext_lazy("sent"),
    "refused": gettext_lazy("not taken"),
    "sure": gettext_lazy("Delete it? It has not been sent."),
}


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app to a phone that puts it on its first screen."""
    name = PortalSettings.load(request_or_site=request).site_name
    facts = {
        "id": "/",
        "name": name,
        "short_name": name[:12],
        "description": _("Who may work on which equipment today, and why: knowledge base, training and certification."),
        "lang": translation.get_language(),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "icons": [*_icons("icon", "any"), *_icons("icon-maskable", "maskable")],
        "shortcuts": [
            {"name": _("Search"), "url": reverse("search")},
            {"name": _("On this device"), "url": reverse("offline")},
        ],
    }
    response = JsonResponse(facts, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, max_age=HOUR)
    return response


def _icons(stem: str, purpose: str) -> list[dict[str, str]]:
    return [
        {
            "src": static(f"img/{stem}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in ICON_SIZES
    ]


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the top, so that it answers for the whole portal; asked for anew each time."""
    response = HttpResponse(worker_script(reverse("offline")), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what is on this device and waits to be sent; also what is shown when a page cannot be had.

    The device fills it in. It names nobody, for it is kept for whoever holds the device.
    """
    facts = {"person": None, "nav_items": [], "words": {name: str(word) for name, word in WORDS.items()}}
    response = render(request, "portal/offline/page.html", facts)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """Say who holds the device, hand out a fresh form token, and name what every device of this reader keeps."""
    return JsonResponse(
        {
            "owner": owner_of(request.user),
            "csrf": get_token(request),
            "also": [address for address in [report_case_url(request.user)] if address],
            "phones": _phones(request.user),
        }
    )


def _phones(reader: Any) -> list[dict[str, str]]:
    """Return the telephones of the places a reader works at, and of those above, the nearest first."""
    if not reader.is_authenticated:
        return []
    found = {}
    for place in reader.places[:3]:
        for near in [place, *reversed(place.get_ancestors())]:
            if near.phone:
                found.setdefault(near.phone, {"name": near.name, "phone": near.phone})
    return list(found.values())[:5]
