"""Registry of API routers, which ``portal.urls`` mounts below ``/api/v1/``."""

from ninja import Router

_routers: list[tuple[str, Router]] = []


def register_router(prefix: str, router: Router) -> None:
    """Have ``router`` mounted below ``/api/v1/<prefix>``; call it from AppConfig.ready."""
    _routers.append((prefix, router))


def routers() -> list[tuple[str, Router]]:
    """Return the registered routers with their prefixes."""
    return list(_routers)
