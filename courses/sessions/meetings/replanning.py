"""What changes when a session gets other meetings: compared with those it has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from courses.models import Meeting
from courses.models.places import tidy_place
from courses.sessions.meetings.domain import MeetingPlan, plan_of, said, stays

# What a change of a session says of its first meeting.
OF_FIRST = ("starts_at", "ends_at", "place", "break_minutes")
OF_MEETINGS = frozenset({"meetings", *OF_FIRST})


def plans_wanted(was: Sequence[Meeting], changes: Mapping[str, Any]) -> list[MeetingPlan]:
    """Return the meetings wanted, tidied; those the session has where ``changes`` say nothing of them."""
    plans = list(changes.get("meetings") or (plan_of(meeting) for meeting in was))
    if first := {name: changes[name] for name in OF_FIRST if name in changes}:
        plans[0] = replace(plans[0], **first)
    return [replace(plan, place=tidy_place(plan.place)) for plan in plans]


def what_moved(meetings: Sequence[Meeting], stood: Mapping[int, MeetingPlan]) -> set[str]:
    """Return which of ``time`` and ``place`` is another than before, of any meeting."""
    moved = set()
    for meeting in meetings:
        before = stood.get(meeting.pk)
        if before is None or (before.starts_at, before.ends_at) != (meeting.starts_at, meeting.ends_at):
            moved.add("time")
        if before is None or before.place != meeting.place:
            moved.add("place")
    return moved


def is_shown_anew(meetings: Sequence[Meeting], stood: Mapping[int, MeetingPlan]) -> bool:
    """Whether calendars show other meetings than before: more, fewer, elsewhere or at another time."""
    return len(meetings) != len(stood) or bool(what_moved(meetings, stood))


def only_coming_moved(was: Sequence[Meeting], plans: Sequence[MeetingPlan]) -> bool:
    """Whether each meeting stays or goes, as long as it lasts, and what has begun or has people stays as it is.

    The credit of a meeting is its share of the teaching, so the shares must not change once some are credited; one that
    goes keeps its own (see ``courses.sessions.attendance.credits``).
    """
    wanted = {plan.key: plan for plan in plans}
    if len(wanted) != len(plans) or not wanted.keys() <= {meeting.pk for meeting in was}:
        return False
    was = [meeting for meeting in was if meeting.pk in wanted]
    fixed = {meeting.pk: meeting.ends_at for meeting in was if stays(meeting)}
    for meeting in was:
        plan, stands = wanted[meeting.pk], plan_of(meeting)
        if meeting.pk in fixed and plan != stands:
            return False
        lasts = plan.ends_at - plan.starts_at == stands.ends_at - stands.starts_at
        if not lasts or plan.break_minutes != stands.break_minutes:
            return False
    last = max(fixed.values(), default=None)
    return last is None or all(plan.starts_at >= last for plan in plans if plan.key not in fixed)


def dropped_of(was: Sequence[Meeting], plans: Sequence[MeetingPlan]) -> list[Meeting]:
    """Return the meetings a session has and is not to have any more."""
    wanted = {plan.key for plan in plans}
    return [meeting for meeting in was if meeting.pk not in wanted]


def meetings_changed(before: Sequence[MeetingPlan], meetings: Sequence[Meeting]) -> list[dict[str, Any]]:
    """Return the change of the meetings for the audit log; nothing where they are the same."""
    old, new = said(before), said(meetings)
    return [{"field": "meetings", "old": old, "new": new}] if old != new else []
