"""Colour and remaining days of a qualification's stage."""

import datetime as dt

from certification.enums import Stage

LAMPS = {
    Stage.VALID: "green",
    Stage.EXPIRING: "amber",
    Stage.GRACE: "amber",
    Stage.EXPIRED: "red",
    Stage.SUSPENDED: "red",
    Stage.REVOKED: "red",
}


def lamp(stage: str) -> str:
    """Return the colour of a stage: 红黄绿, grey for who is still on the way."""
    return LAMPS.get(Stage(stage), "grey")


def days_left(until: dt.date | None, today: dt.date) -> int | None:
    """Return how many days a qualification still lasts, today included; None without an end."""
    return None if until is None else (until - today).days + 1
