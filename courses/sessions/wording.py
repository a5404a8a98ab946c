"""Texts of training: times of sessions, colours and labels of states."""

import datetime as dt

from django.utils import formats, timezone

from courses.models import Session


def written_time(session: Session) -> str:
    """Write when a session is: 2026年3月18日（星期三）08:30–17:30, or both days if it lasts longer."""
    start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    first = f"{formats.date_format(start, 'DATE_FORMAT')}（{formats.date_format(start, 'l')}）"
    last = "" if start.date() == end.date() else f"{formats.date_format(end, 'DATE_FORMAT')} "
    return f"{first}{formats.time_format(start, 'H:i')}–{last}{formats.time_format(end, 'H:i')}"


def written_moment(moment: dt.datetime) -> str:
    """Write a moment with its day and time."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
