"""Parse days and moments as people and programs write them.

A day is written 2028-6-28, 2028/6/28, 2028.6.28, 2028年6月28日 or 20280628, with plain or full-width digits and
separators. It means the whole day in the organisation's zone: where it bounds a moment, its end.
"""

import datetime as dt
import re
import unicodedata

from django.utils import timezone

from portal.errors import ImpossibleDate, ImpossibleMoment

# Dashes and full stops that NFKC leaves as they are: hyphens, dashes, minus, and the full stop of a Chinese keyboard.
_PLAIN = str.maketrans("‐‑‒–—―−。", "-------.")
_DAY = (
    r"(?P<year>[0-9]{4})(?:"
    r"\s*(?P<separator>[-/.])\s*(?P<month>[0-9]{1,2})\s*(?P=separator)\s*(?P<day>[0-9]{1,2})"
    r"|\s*年\s*(?P<chinese_month>[0-9]{1,2})\s*月\s*(?P<chinese_day>[0-9]{1,2})\s*[日号]?"
    r"|(?P<basic_month>[0-9]{2})(?P<basic_day>[0-9]{2}))"
)
_TIME = (
    r"(?P<hour>[0-9]{1,2}(?=:)|[0-9]{2}):?(?P<minute>[0-9]{2})"
    r"(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
)
# An unescaped plus in an address arrives as a space.
_ZONE = r"(?P<utc>Z)|(?P<sign>[-+]|\s(?=[0-9]{2}:))(?P<zone_hours>[0-9]{2})(?::?(?P<zone_minutes>[0-5][0-9]))?"
_WHOLE_DAY = re.compile(_DAY)
_MOMENT = re.compile(rf"{_DAY}(?:T|\s+|(?<=[日号])){_TIME}\s*?(?:{_ZONE})?", re.IGNORECASE)


def parse_day(text: str | None) -> dt.date:
    """Return the day that is written; today in the organisation's zone when nothing is.

    Raises:
        ImpossibleDate: for 2026-02-30, 03/18, two digits of a year, or noise.
    """
    if not text or not text.strip():
        return timezone.localdate()
    found = _WHOLE_DAY.fullmatch(_plain(text))
    try:
        if found:
            return _day(found)
    except ValueError:
        pass
    raise ImpossibleDate(date=text.strip()[:30])


def parse_moment(text: str | None) -> dt.datetime:
    """Return the moment that is written, now when nothing is; always aware.

    A day and a time are in the organisation's zone unless a zone is named (``Z``, ``+08:00``). A day alone means its
    end: what was known when that day was over.

    Raises:
        ImpossibleMoment: for what is no day, no time, or cannot be told in UTC.
    """
    if not text or not text.strip():
        return timezone.now()
    plain = _plain(text)
    try:
        if whole := _WHOLE_DAY.fullmatch(plain):
            return end_of_day(_day(whole))
        if found := _MOMENT.fullmatch(plain):
            return _in_reach(_moment(found))
    except (ValueError, OverflowError):
        pass
    raise ImpossibleMoment(moment=text.strip()[:40])


def is_whole_day(text: str) -> bool:
    """Whether a day without a time is written."""
    return _WHOLE_DAY.fullmatch(_plain(text)) is not None


def end_of_day(day: dt.date) -> dt.datetime:
    """Return the last moment of ``day`` in the organisation's zone.

    Raises:
        OverflowError: the moment cannot be told in UTC.
    """
    return _in_reach(timezone.make_aware(dt.datetime.combine(day, dt.time.max)))


def start_of_day(day: dt.date) -> dt.datetime:
    """Return the first moment of ``day`` in the organisation's zone.

    Raises:
        OverflowError: the moment cannot be told in UTC.
    """
    return _in_reach(timezone.make_aware(dt.datetime.combine(day, dt.time.min)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.strip()).translate(_PLAIN).strip()


def _day(found: re.Match[str]) -> dt.date:
    month = found["month"] or found["chinese_month"] or found["basic_month"]
    day = found["day"] or found["chinese_day"] or found["basic_day"]
    return dt.date(int(found["year"]), int(month), int(day))


def _moment(found: re.Match[str]) -> dt.datetime:
    fraction = int((found["fraction"] or "0").ljust(9, "0")[:6])
    time = dt.time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0), fraction)
    local = dt.datetime.combine(_day(found), time)
    if found["utc"]:
        return local.replace(tzinfo=dt.UTC)
    if not found["sign"]:
        return timezone.make_aware(local)
    offset = dt.timedelta(hours=int(found["zone_hours"]), minutes=int(found["zone_minutes"] or 0))
    return local.replace(tzinfo=dt.timezone(-offset if found["sign"] == "-" else offset))


def _in_reach(moment: dt.datetime) -> dt.datetime:
    """Return an aware moment that the database can hold: it is kept in UTC."""
    moment.astimezone(dt.UTC)
    return moment
