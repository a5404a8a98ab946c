"""How long a process waits for the database: somebody in front of a page not as long as a job at night."""

from django.db import connections

#: Seconds a request waits for a lock or for the server, so that it is answered within five.
REQUEST_WAITS = 4


def wait_briefly(seconds: int = REQUEST_WAITS) -> None:
    """Let connections that this process opens from now on wait at most so long for a lock or for the server."""
    for alias in connections:
        facts = connections.settings[alias]
        options = facts.setdefault("OPTIONS", {})
        if facts["ENGINE"].endswith("sqlite3"):
            options["timeout"] = min(seconds, options.get("timeout", seconds))
        else:
            options["options"] = f"{options.get('options', '')} -c lock_timeout={seconds * 1000}".strip()
            options.setdefault("connect_timeout", seconds)
