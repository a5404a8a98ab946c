"""Remove secrets from log lines."""

import re
from typing import Any

# Whoever holds one of these addresses holds the right to open it: labels, calendar feeds, password resets.
SECRET_ADDRESS = re.compile(r"(/(?:e|calendar|naming)/|/accounts/password/reset/key/)[^/\s'\"?]+")
SECRET_NAMES = frozenset({"password", "token", "secret", "authorization", "cookie", "code_verifier"})


def hide_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Structlog processor: put “…” in place of secrets in addresses and of values named like one."""
    for name, value in event.items():
        if name.lower() in SECRET_NAMES:
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = SECRET_ADDRESS.sub(r"\1…", value)
    return event
