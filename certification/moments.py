"""Moments as people and programs write them."""

import datetime as dt

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class ImpossibleMoment(DomainError):
    """A moment that cannot be read."""

    code = "impossible_moment"
    status = 422
    message = _("“%(moment)s” is not a moment. Write it as 2026-03-18T08:00:00+08:00.")


def parse_moment(text: str) -> dt.datetime:
    """Return the moment written as ISO 8601; without a zone it is the organisation's; now when nothing is given.

    A day alone means its end: what was known when that day was over.

    Raises:
        ImpossibleMoment: for noise.
    """
    wanted = text.strip()
    if not wanted:
        return timezone.now()
    try:
        # An unescaped plus in an address arrives as a space.
        moment = parse_datetime(wanted.replace(" ", "+") if wanted.count(":") == 3 else wanted)
        if moment is None:
            day = dt.date.fromisoformat(wanted)
            moment = dt.datetime.combine(day, dt.time.max)
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        raise ImpossibleMoment(moment=wanted[:40]) from None
