"""Texts of training: times of sessions, colours and labels of states."""

import datetime as dt
from typing import Protocol

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.models import Meeting, Session


class Span(Protocol):
    """Something with a start and an end: a session, a meeting."""

    @property
    def starts_at(self) -> dt.datetime:
        """Aware moment."""

    @property
    def ends_at(self) -> dt.datetime:
        """Aware moment."""


def written_span(span: Span) -> str:
    """Write when a meeting is: 2026年3月18日（星期三）08:30–17:30, or both days if it lasts longer."""
    start, end = timezone.localtime(span.starts_at), timezone.localtime(span.ends_at)
    first = f"{formats.date_format(start, 'DATE_FORMAT')}（{formats.date_format(start, 'l')}）"
    last = "" if start.date() == end.date() else f"{formats.date_format(end, 'DATE_FORMAT')} "
    return f"{first}{formats.time_format(start, 'H:i')}–{last}{formats.time_format(end, 'H:i')}"


def written_time(session: Session) -> str:
    """Write when a session is, and in how many meetings if there are several."""
    when = written_span(session)
    if not session.has_several_meetings:
        return when
    return _("%(when)s, %(count)s meetings") % {"when": when, "count": session.meeting_count}


def written_meeting(meeting: Meeting) -> str:
    """Write one of several meetings on a line: its number, when and where it is."""
    facts = {"number": meeting.number, "when": written_span(meeting), "place": meeting.place}
    return _("Meeting %(number)s: %(when)s, %(place)s") % facts


def written_meetings(session: Session) -> list[str]:
    """Write the meetings of a session, a line each; nothing where there is only one."""
    return [written_meeting(meeting) for meeting in session.meetings.all()] if session.has_several_meetings else []


def written_moment(moment: dt.datetime) -> str:
    """Write a moment with its day and time."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
