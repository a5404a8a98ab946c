"""What somebody wants changed of a session, beside what it is now; and whether it may be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import DroppedMeeting, Meeting, Session
from courses.sessions.clashes.rules import check_clashes, clashes_to_look_for, learners_to_hold
from courses.sessions.errors.meetings import DropNeedsReason, OnlyComingMeetings
from courses.sessions.errors.scheduling import StartsInThePast, TrainerIsBooked
from courses.sessions.errors.seats import FewerSeatsThanPeople
from courses.sessions.errors.states import WrongState
from courses.sessions.meetings.domain import MeetingPlan, check_times, plan_of, save_meetings, share_dropped
from courses.sessions.meetings.replanning import (
    OF_MEETINGS,
    dropped_of,
    is_shown_anew,
    meetings_changed,
    only_coming_moved,
    plans_wanted,
    what_moved,
)
from courses.sessions.scheduling.arrangement import check_trainer
from courses.sessions.seats.capacity import seats_taken
from portal.models import Person

# What a calendar shows of a session beside its meetings: changing one of these is a reschedule, the sequence grows.
SHOWN_IN_CALENDARS = ("title", "trainer")

# What may change once check-in is open: seats can still be added on site, and what has not begun can be moved.
CHANGEABLE_WHILE_OPEN = frozenset({"capacity", "note", "meetings"})


@dataclass(frozen=True)
class Change:
    """A change of a locked session, taken before anything of it is changed.

    Args:
        was: its meetings as they are; ``stood`` the same as plans, by primary key.
        plans: the meetings wanted.
        facts: fields with a value other than the one they have; ``machines`` among them.
        shown: what calendars show of it now, beside the meetings.
        why_dropped: the reason for meetings that are taken out.
    """

    session: Session
    was: Sequence[Meeting]
    plans: Sequence[MeetingPlan]
    facts: Mapping[str, Any]
    shown: Mapping[str, Any]
    why_dropped: str = ""
    stood: Mapping[int, MeetingPlan] = field(default_factory=dict)

    @classmethod
    def wanted(cls, session: Session, typed: Mapping[str, Any], why_dropped: str = "") -> "Change":
        """Return what was typed, where it differs from the session."""
        was = list(session.meetings.all())
        return cls(
            session=session,
            was=was,
            plans=plans_wanted(was, typed),
            facts=_real_changes(session, typed),
            shown={name: getattr(session, name) for name in SHOWN_IN_CALENDARS},
            why_dropped=" ".join(why_dropped.split()),
            stood={meeting.pk: plan_of(meeting) for meeting in was},
        )

    @property
    def names(self) -> set[str]:
        """The fields that change; ``meetings`` where one of them does."""
        return {*self.facts, *({"meetings"} if list(self.plans) != list(self.stood.values()) else ())}

    @property
    def trainer_before(self) -> Person:
        """Who was to teach it."""
        return self.shown["trainer"]

    def apply(self) -> None:
        """Set the fields of the session, without saving; machines and meetings are set when they are saved."""
        for name, value in self.facts.items():
            if name != "machines":
                setattr(self.session, name, value)

    def is_shown(self, meetings: Sequence[Meeting]) -> bool:
        """Whether calendars show something else than before."""
        is_other = any(getattr(self.session, name) != value for name, value in self.shown.items())
        return is_other or is_shown_anew(meetings, self.stood)

    def save(self, meetings: Sequence[Meeting]) -> list[DroppedMeeting]:
        """Save session, meetings and machines; return the meetings that are dropped.

        Raises:
            MeetingHeld: somebody came to one of them.
        """
        if self.is_shown(meetings):
            self.session.sequence += 1
        self.session.changed_at = timezone.now()
        self.session.save()
        if "machines" in self.facts:
            self.session.machines.set(self.facts["machines"])
        return save_meetings(self.session, meetings, drop_reason=self.why_dropped)

    def said_of_meetings(self, meetings: Sequence[Meeting]) -> list[dict[str, Any]]:
        """Return the change of the meetings for the audit log, where there are or were several."""
        if not self.session.has_several_meetings and len(self.was) == 1:
            return []
        return meetings_changed(list(self.stood.values()), meetings)


def _real_changes(session: Session, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed, tidied, where it differs from the session; its meetings are looked at apart."""
    changes: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in typed.items()
        if name not in OF_MEETINGS
    }
    machines = changes.pop("machines", None)
    changes = {name: value for name, value in changes.items() if value != getattr(session, name)}
    if machines is not None and {unit.pk for unit in machines} != set(session.machines.values_list("pk", flat=True)):
        changes["machines"] = machines
    return changes


def check_changeable(change: Change) -> None:
    """Once check-in is open only seats, note and what nobody came to may still change; afterwards nothing.

    Raises:
        WrongState, OnlyComingMeetings: it may not.
        DropNeedsReason: a meeting is taken out once check-in is open, and nothing says why.
    """
    session, names = change.session, change.names
    if session.state == SessionState.SCHEDULED:
        return
    if session.state != SessionState.OPEN or not names <= CHANGEABLE_WHILE_OPEN:
        raise WrongState(state=session.get_state_display())
    if "meetings" not in names:
        return
    if not session.has_several_meetings:
        raise WrongState(state=session.get_state_display())
    if not only_coming_moved(change.was, change.plans):
        raise OnlyComingMeetings
    gone = dropped_of(change.was, change.plans)
    if gone and not change.why_dropped:
        raise DropNeedsReason(number=gone[0].number)


def check_fits(change: Change, meetings: Sequence[Meeting], confirmed: Collection[str] | None) -> None:
    """See that the session with what changed can be held: times, seats, trainer, clashes.

    Raises:
        StartsInThePast, TrainerIsBooked, FewerSeatsThanPeople: it cannot.
        and the checks of ``check_times``, ``check_trainer`` and ``check_clashes``.
    """
    session = change.session
    _check_not_past(meetings, change.stood)
    _check_seats(session)
    parts = list(session.parts.select_related("module"))
    gone = sum(one.planned_minutes for one in dropped_of(change.was, change.plans)) if _is_under_way(session) else 0
    check_times(meetings, sum(part.minutes for part in parts), dropped=share_dropped(session) + gone)
    modules = [part.module for part in parts]
    kinds = clashes_to_look_for(change.names | what_moved(meetings, change.stood))
    check_trainer(session, modules, meetings, learners=learners_to_hold(session, kinds))
    if kinds:
        machines = change.facts.get("machines")
        units = None if machines is None else [unit.pk for unit in machines]
        check_clashes(session, modules, meetings=meetings, machines=units, kinds=kinds, confirmed=confirmed)


def _is_under_way(session: Session) -> bool:
    return session.state == SessionState.OPEN


def _check_not_past(meetings: Sequence[Meeting], stood: Mapping[int, MeetingPlan]) -> None:
    """A meeting that is moved, or is new, begins in the future."""
    for meeting in meetings:
        before = stood.get(meeting.pk)
        if (before is None or before.starts_at != meeting.starts_at) and meeting.starts_at <= timezone.now():
            raise StartsInThePast


def _check_seats(session: Session) -> None:
    if session.enrolments.filter(person=session.trainer).exclude(state=EnrolmentState.CANCELLED).exists():
        raise TrainerIsBooked(trainer=session.trainer.name)
    taken = seats_taken(session)
    if session.capacity < taken:
        raise FewerSeatsThanPeople(taken=taken)
