"""Import who was in a past session, and when they came and left, from a table."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, AttendanceCorrection, Enrolment, Meeting, Session
from courses.sessions.attendance.corrections import strike_attendance
from courses.sessions.attendance.domain import record_from_paper
from courses.sessions.attendance.presence import is_same_minute
from courses.sessions.attendance.recording import replace_times
from courses.sessions.permissions import can_run_session, can_schedule, people_of_branch, visible_sessions
from courses.sessions.seats.domain import seat_walk_in
from portal.access.lookup import find_people
from portal.exchange.imports.persons import person_in
from portal.exchange.imports.undoing import made
from portal.models import Person
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, TableRow, Verdict

COLUMNS = (
    Column(
        "person", gettext_lazy("Person"), ("工号", "人员", "姓名", "员工编号", "person", "staff number", "name"), True
    ),
    Column("came", gettext_lazy("Came at"), ("签到", "签到时间", "到达", "came")),
    Column("went", gettext_lazy("Left at"), ("签退", "签退时间", "离开", "went", "left")),
    Column("meeting", gettext_lazy("Meeting"), ("课次", "第几次课", "meeting")),
)
_CLOCK = re.compile(
    r"(?:(?P<day>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[ T])?(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：]\d{2})?"
)


class AttendanceDesk:
    """The rows of one table, beside what is on record of the session."""

    def __init__(self, by: Person, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.session = Session.objects.select_related("organisation", "trainer").get(pk=options["session"])
        self.within = people_of_branch(self.session.organisation)
        self.people = find_people(by, [row["person"] for row in rows], self.within)
        seats = Enrolment.objects.filter(session=self.session, state=EnrolmentState.SEATED).select_related("person")
        self.seats = {seat.person_id: seat for seat in seats}
        came = Attendance.objects.filter(enrolment__session=self.session).prefetch_related("corrections")
        self.there = {(found.enrolment_id, found.meeting_id): found for found in came}
        self.meetings = {meeting.number: meeting for meeting in self.session.meetings.all()}
        self.free = self.session.capacity - len(self.seats)
        self.newcomers: set[int] = set()
        self.seen: dict[tuple[int, int | None], int] = {}

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would record; who has no seat gets one, other times replace those on record."""
        verdict = Verdict(Outcome.SAME)
        if self.session.state != SessionState.OPEN:
            verdict.problems.append(Problem("", _("Check-in of this session is not open. Open it first.")))
            return verdict
        meeting = self._meeting(row, verdict)
        person = self._person(row, answer, verdict, meeting)
        if meeting is None:
            return verdict
        came, went = self._moment(row, "came", verdict, meeting), self._moment(row, "went", verdict, meeting)
        if verdict.problems or verdict.question is not None or person is None or came is None or went is None:
            return verdict
        if went < came or went > timezone.now() or came >= meeting.ends_at:
            verdict.problems.append(Problem("went", _("Nobody can have come and left at these times.")))
            return verdict
        self._compare(person, meeting, came, went, verdict)
        return verdict

    def _meeting(self, row: TableRow, verdict: Verdict) -> Meeting | None:
        """Return the meeting the row is about: the only one, or that of the number in its cell, “2” or “2/3”."""
        text = row["meeting"].strip().split("/")[0]
        if not text and not self.session.has_several_meetings:
            return self.meetings[1]
        meeting = self.meetings.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else None
        if meeting is None:
            text = _("Say which meeting, from 1 to %(count)s.") % {"count": self.session.meeting_count}
            verdict.problems.append(Problem("meeting", text))
        return meeting

    def _person(self, row: TableRow, answer: str, verdict: Verdict, meeting: Meeting | None) -> Person | None:
        person = person_in(row, "person", self.people, verdict, by=self.by, within=self.within, answer=answer)
        if person is None:
            return None
        if person.pk == self.by.pk:
            verdict.problems.append(Problem("person", _("Nobody records their own attendance.")))
        elif person.pk == self.session.trainer_id:
            verdict.problems.append(Problem("person", _("%(name)s teaches the session.") % {"name": person.name}))
        key = person.pk, meeting.pk if meeting else None
        if key in self.seen and not verdict.problems:
            text = _("The same person stands in row %(row)d already.") % {"row": self.seen[key]}
            verdict.problems.append(Problem("person", text))
        self.seen[key] = row.number
        return person

    def _moment(self, row: TableRow, key: str, verdict: Verdict, meeting: Meeting) -> dt.datetime | None:
        """Return the moment in a cell; the planned one for an empty cell, of the meeting's day where it has none."""
        planned = meeting.starts_at if key == "came" else meeting.ends_at
        text = row[key].strip()
        if not text:
            return planned
        found = _CLOCK.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            day = timezone.localdate(planned)
            if found["day"]:
                day = dt.date(*map(int, re.split(r"[-/.]", found["day"])))
            clock = dt.time(int(found["hour"]), int(found["minute"]))
        except ValueError:
            text = _("“%(text)s” is no time; write 08:30.") % {"text": text[:30]}
            verdict.problems.append(Problem(key, text))
            return None
        return timezone.make_aware(dt.datetime.combine(day, clock))

    def _compare(
        self, person: Person, meeting: Meeting, came: dt.datetime, went: dt.datetime, verdict: Verdict
    ) -> None:
        seat = self.seats.get(person.pk)
        found = self.there.get((seat.pk, meeting.pk)) if seat else None
        times = f"{_said(came)}–{_said(went)}"
        if found is None:
            if seat is None:
                self.newcomers.add(person.pk)
                if len(self.newcomers) > self.free:
                    verdict.problems.append(Problem("", _("All seats are taken. Raise the number of seats first.")))
                    return
                verdict.notes.append(_("Without a seat so far; gets one."))
            verdict.outcome = Outcome.ADD
            verdict.changes.append((person.name, "", times))
        elif found.is_void:
            verdict.problems.append(Problem("person", _("Corrected before: was not there. Change it on the page.")))
        elif found.went is None or not (is_same_minute(came, found.came) and is_same_minute(went, found.went)):
            verdict.outcome = Outcome.CHANGE
            before = f"{_said(found.came)}–{_said(found.went) if found.went else ''}"
            verdict.changes.append((person.name, before, times))

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Record the times, as from the signed sheet."""
        verdict = Verdict(Outcome.SAME)
        self.seen = {}
        meeting = self._meeting(row, verdict)
        assert meeting is not None
        person = self._person(row, answer, verdict, meeting)
        came, went = self._moment(row, "came", verdict, meeting), self._moment(row, "went", verdict, meeting)
        assert person is not None
        assert came is not None
        assert went is not None
        seat = seat_walk_in(self.session, person, by=self.by)
        last = _last_correction(seat, meeting)
        attendance = record_from_paper(seat, by=self.by, came=came, went=went, meeting=meeting)
        correction = _last_correction(seat, meeting)
        return [made(attendance if correction == last else correction)]


def _said(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def _last_correction(seat: Enrolment, meeting: Meeting) -> AttendanceCorrection | None:
    of_meeting = AttendanceCorrection.objects.filter(attendance__enrolment=seat, attendance__meeting=meeting)
    return of_meeting.order_by("-number").first()


def _strike(attendance: Attendance, by: Person) -> None:
    """Take back what was recorded: it stays on record and counts no longer."""
    facts = {"reason": _("Import taken back"), "meeting": attendance.meeting}
    strike_attendance(attendance.enrolment, by=by, **facts)


def _put_back(correction: AttendanceCorrection, by: Person) -> None:
    """Put back the times from before a correction by another correction."""
    attendance = correction.attendance
    earlier = attendance.corrections.filter(number__lt=correction.number).order_by("-number").first()
    came = earlier.came_at if earlier else attendance.checked_in_at
    went = earlier.went_at if earlier else attendance.checked_out_at
    replace_times(attendance, came, went, by=by, reason=_("Import taken back"), source=correction.source, is_void=False)


def _options(person: Any, address: Mapping[str, str]) -> dict[str, Any]:
    """Return the session the address names.

    Raises:
        Http404: it is none that ``person`` runs.
    """
    number = address.get("session", "")
    session = visible_sessions(person).filter(pk=number).first() if number.isdecimal() else None
    if session is None or not can_run_session(person, session):
        raise Http404
    return {"session": session.pk}


kind = ImportKind(
    key="attendance",
    label=gettext_lazy("Attendance of a session"),
    help=gettext_lazy(
        "Who was there: staff number or name, when they came and left; empty times are the planned ones."
    ),
    columns=COLUMNS,
    may_use=can_schedule,
    desk=AttendanceDesk,
    options=_options,
    undo={"courses.attendance": _strike, "courses.attendancecorrection": _put_back},
    is_listed=False,
    order=62,
)
