"""Numbered system checks of the configuration, run at start-up and by ``check --deploy``."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections


@register(Tags.security, deploy=True)
def public_address_is_https(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Links, QR codes and cookies outside one machine need TLS."""
    host = settings.PUBLIC_URL.split("://")[-1].split(":")[0]
    if settings.HTTPS or host in {"127.0.0.1", "localhost"}:
        return []
    return [
        Warning(
            f"PUBLIC_URL {settings.PUBLIC_URL} is not https.",
            hint="Set PUBLIC_URL=https://… (or HTTPS=1 behind a proxy that ends TLS).",
            id="portal.W001",
        )
    ]


@register(Tags.urls)
def public_address_is_set(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Without PUBLIC_URL, letters, calendars and QR codes lead to port 8000 of this machine, whatever is served."""
    if settings.PUBLIC_URL_IS_SET:
        return []
    return [
        Warning(
            f"PUBLIC_URL is not set: links in letters, calendars and QR codes say {settings.PUBLIC_URL}.",
            hint="Set PUBLIC_URL to the address people open; `manage.py serve` fills in the one it serves.",
            id="portal.W003",
        )
    ]


@register(Tags.database, deploy=True)
def commits_survive_power_loss(app_configs: Any, **kwargs: Any) -> list[Error]:
    """PostgreSQL with synchronous_commit=off loses answers and whole attempts in a crash (docs/operations.md)."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        value = cursor.fetchone()[0]
    if value != "off":
        return []
    return [Error("PostgreSQL runs with synchronous_commit=off.", hint="Turn it on.", id="portal.E001")]


@register(Tags.caches, deploy=True)
def pages_are_cached_per_process(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """The shared cache must be shared: sign-in limits counted in one process's memory can be stepped round."""
    backend = settings.CACHES["default"]["BACKEND"]
    if "locmem" not in backend and "dummy" not in backend:
        return []
    return [
        Warning(
            "The default cache lives in one process; sign-in limits would be counted separately in each.",
            hint="Leave CACHE_URL empty (database) or set it to redis://….",
            id="portal.W002",
        )
    ]
