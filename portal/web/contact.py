"""Hotline and names of the organisation, kept in a file for error pages that cannot ask the database.

The file is written after each migration and whenever the settings are saved; each host has its own.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from portal.models import PortalSettings

logger = structlog.get_logger("portal.web.contact")


@dataclass(frozen=True)
class Contact:
    """What an error page shows of the settings."""

    site_name: str = ""
    hotline: str = ""
    hours_note: str = ""


def path() -> Path:
    """Return where the file lies."""
    return Path(settings.VAR_DIR) / "contact.json"


def keep(found: PortalSettings) -> None:
    """Write the file; a disk that is full is logged and keeps the old one."""
    contact = Contact(found.site_name, found.hotline, found.hours_note)
    target = path()
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(asdict(contact), ensure_ascii=False), encoding="utf-8")
        fresh.replace(target)
    except OSError as error:
        logger.warning("contact_not_kept", error=str(error))
        fresh.unlink(missing_ok=True)


def keep_saved(instance: PortalSettings, **kwargs: Any) -> None:
    """Write the file after the settings were saved."""
    keep(instance)


def last_known() -> Contact:
    """Return what was written last, without asking the database; empty where nothing was, or it cannot be read."""
    try:
        read = json.loads(path().read_text(encoding="utf-8"))
        return Contact(**{name: str(read.get(name, "")) for name in Contact.__dataclass_fields__})
    except (OSError, ValueError, AttributeError):
        return Contact()
