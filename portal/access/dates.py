"""Days and moments as people and programs write them."""

import datetime as dt

from django.utils import timezone

from portal.errors import ImpossibleDate


def parse_day(text: str | None) -> dt.date:
    """Return the day written as YYYY-MM-DD; today when nothing is given.

    Raises:
        ImpossibleDate: for 2026-02-30, 03/18 or noise.
    """
    if not text:
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise ImpossibleDate(date=text.strip()[:30]) from None
