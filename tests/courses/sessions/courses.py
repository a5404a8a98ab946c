"""Spans of several meetings, for tests."""

import datetime as dt

from courses.sessions.meetings.domain import plan_of

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def spans(start, *, days=(0, 1, 2), hours=3):
    """Return start and end of meetings so many days after ``start``."""
    return [(start + day * DAY, start + day * DAY + hours * HOUR) for day in days]


def plans_of(session):
    """Return the meetings of a session as they are held."""
    return [plan_of(meeting) for meeting in session.meetings.all()]
