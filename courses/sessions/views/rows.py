"""More rows of meetings in the form of a session: one by one, or by a rule. Nothing is saved by asking for them."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from courses.models import Session
from courses.sessions.forms.meetings import COUNT, PREFIX, MeetingRow, RepeatForm, with_rows
from courses.sessions.meetings.domain import MeetingPlan
from courses.sessions.meetings.repeating import on_day, repeated

MORE = ("add", "repeat")
WEEK = dt.timedelta(days=7)


def is_saved(request: HttpRequest) -> bool:
    """Whether the form was sent to be saved, and not for more rows."""
    return request.method == "POST" and request.POST.get("act") not in MORE


def more_rows(request: HttpRequest) -> tuple[Any, RepeatForm]:
    """Return what was posted, with the rows that were asked for, and the form of the rule."""
    if request.method != "POST":
        return None, RepeatForm(prefix="repeat")
    act, data = request.POST.get("act"), request.POST
    rule = RepeatForm(data if act == "repeat" else None, prefix="repeat")
    if act not in MORE:
        return data, rule
    first, last = _row(data, ""), _last_row(data)
    if act == "add" and last is not None:
        data = with_rows(data, [on_day(last, timezone.localdate(last.starts_at) + dt.timedelta(days=1))])
    elif act == "repeat" and first is not None and rule.is_valid():
        found = repeated(first, **rule.cleaned_data)
        data, rule = with_rows(data, found), RepeatForm(prefix="repeat")
    return data, rule


def _last_row(data: Any) -> MeetingPlan | None:
    count = data.get(COUNT, "0")
    number = min(int(count), 100) if count.isascii() and count.isdigit() and len(count) < 6 else 0
    for each in reversed(range(number)):
        if (found := _row(data, f"{PREFIX}-{each}-")) is not None:
            return found
    return _row(data, "")


def _row(data: Any, prefix: str) -> MeetingPlan | None:
    """Return a meeting as it was typed; None where it is not whole yet."""
    names = ("starts_at", "ends_at", "break_minutes", "place")
    row = MeetingRow({name: data.get(f"{prefix}{name}", "") for name in names})
    return row.plan() if row.is_valid() else None


def day_after(session: Session) -> dt.date:
    """Return the first day a copy of a session is offered: the same weekday in a week that has not begun."""
    day, today = timezone.localdate(session.starts_at), timezone.localdate()
    weeks = max((today - day) // WEEK + 1, 1)
    return day + weeks * WEEK
