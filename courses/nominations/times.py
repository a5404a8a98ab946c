"""Times of named people from the signed sheet, and matching a named person to somebody the portal knows."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import formats, timezone

from courses.enums import EnrolmentState, SessionState, TimeSource
from courses.models import (
    Attendance,
    Enrolment,
    Meeting,
    Nominee,
    NomineeCredit,
    NomineeMatch,
    NomineeTimes,
    Session,
)
from courses.nominations.errors import MatchedAlready, NotOfTheSession, ReasonForCorrection
from courses.sessions.attendance.credits import settle, worth_at
from courses.sessions.attendance.domain import attendance_of, check_times
from courses.sessions.attendance.presence import check_present_nowhere_else, is_same_minute
from courses.sessions.attendance.recording import replace_times
from courses.sessions.errors.attendance import OwnAttendance
from courses.sessions.errors.seats import NotHeldForYou
from courses.sessions.errors.states import WrongState
from courses.sessions.meetings.domain import meeting_of
from courses.sessions.permissions import is_held_for
from courses.sessions.states import locked, require_runner
from portal.access import audit
from portal.models import Person

#: When somebody came and left; None for who was not there.
Times = tuple[dt.datetime, dt.datetime] | None


@transaction.atomic
def record_times(
    session: Session,
    times: Mapping[int, Times],
    *,
    by: Person,
    reason: str = "",
    meeting: Meeting | None = None,
) -> list[NomineeTimes]:
    """Enter the times of many named people at once, all or nothing; what is on record already is not written again.

    The times of who is matched already become attendance and hours of that person, and so do corrections of them.

    Args:
        times: by primary key of the named people; those left out stay as they are.
        reason: why other times are replaced; they stay readable.
        meeting: to which one they came; may be left out where the session has only one.

    Raises:
        NotYourSession: ``by`` does not run the session.
        WrongState: check-in is not open.
        NotOfTheSession: somebody is not on the list.
        NoSuchMeeting: the meeting is that of another session.
        ImpossibleTime: in the future, after the end, long before the start, or leaving before coming.
        ReasonForCorrection: other times are on record and ``reason`` is empty.
        OwnAttendance: somebody on the list is matched to ``by``.
        ClosedForGood, PresentElsewhere, HoursCertified: of who is matched, as for a correction of attendance.
    """
    session = locked(session)
    require_runner(by, session)
    if session.state != SessionState.OPEN:
        raise WrongState(state=session.get_state_display())
    meeting = meeting_of(session, meeting)
    named = {nominee.pk: nominee for nominee in Nominee.objects.of_session(session)}
    if not times.keys() <= named.keys():
        raise NotOfTheSession
    made = [_record(meeting, named[pk], when, by=by, reason=reason.strip()) for pk, when in sorted(times.items())]
    written = [row for row in made if row is not None]
    for row in written:
        if row.nominee.matched_to is not None:
            _carry_on(session, row.nominee.match.person, row, by)
    if written:
        facts = [{"field": row.nominee.name, "old": None, "new": _said(row)} for row in written]
        which = {"meeting": meeting.label} if meeting.label else {}
        audit.record("courses.nominees_recorded", session, actor=by, reason=reason, changes=facts, **which)
    return written


def _record(meeting: Meeting, nominee: Nominee, when: Times, *, by: Person, reason: str) -> NomineeTimes | None:
    known = [times for times in nominee.times.all() if times.meeting_id == meeting.pk]
    last = max(known, key=lambda times: times.number, default=None)
    if when is None and (last is None or last.is_void):
        return None
    if when is not None:
        check_times(meeting, *when)
        if last is not None and not last.is_void and all(map(is_same_minute, when, (last.came_at, last.went_at))):
            return None
    if last is not None and not reason:
        raise ReasonForCorrection(name=nominee.name, times=_said(last))
    came, went = when or (last.came_at, last.went_at)  # type: ignore[union-attr]  # nothing to strike: returned above
    row = NomineeTimes.objects.create(
        nominee=nominee,
        meeting=meeting,
        number=last.number + 1 if last else 1,
        came_at=came,
        went_at=went,
        is_void=when is None,
        reason=reason if last else "",
        recorded_by=by,
    )
    if when is not None:
        parts = meeting.session.parts.select_related("module")
        worth = [(part.module, worth_at(meeting, came, went, part.minutes)) for part in parts]
        NomineeCredit.objects.bulk_create(
            NomineeCredit(times=row, module=module, minutes=minutes) for module, minutes in worth if minutes
        )
    return row


def _carry_on(session: Session, person: Person, times: NomineeTimes, by: Person) -> None:
    """Make the person's attendance say what was entered for the named one; what they had of their own stands."""
    if person.pk == by.pk:
        raise OwnAttendance
    enrolment = Enrolment.objects.filter(session=session, person=person).first()
    attendance = None
    if enrolment is not None:
        enrolment.session, enrolment.person = session, person
        attendance = attendance_of(enrolment, times.meeting)
    if attendance is None:
        if not times.is_void:
            _attend(session, person, times, by)
        return
    if times.number == 1 or (attendance.is_void and times.is_void):
        return
    facts = {"by": by, "reason": times.reason, "source": TimeSource.PAPER, "is_void": times.is_void}
    replace_times(attendance, times.came_at, times.went_at, **facts)


def _said(times: NomineeTimes) -> str:
    if times.is_void:
        return "—"
    moments = (timezone.localtime(times.came_at), timezone.localtime(times.went_at))
    return "–".join(formats.time_format(moment, "H:i") for moment in moments)


@transaction.atomic
def match_nominee(nominee: Nominee, person: Person, *, by: Person) -> NomineeMatch:
    """Say who a named person is; their times become attendance and hours of that person, on record from now.

    What the customer named and what the sheet said stays as it was written.

    Raises:
        NotYourSession: ``by`` does not run the session.
        OwnAttendance: nobody gives themselves hours.
        NotHeldForYou: the session is not held for people like them.
        MatchedAlready: the named person, or another of the same session, is matched to somebody.
        PresentElsewhere: the person was in another session at that time.
    """
    nominee = Nominee.objects.select_for_update(of=("self",)).select_related("request__session").get(pk=nominee.pk)
    session = nominee.request.session
    if session is None:
        raise NotOfTheSession
    session = locked(session)
    require_runner(by, session)
    if person.pk == by.pk:
        raise OwnAttendance
    if not is_held_for(person, session):
        raise NotHeldForYou(organisation=session.organisation.name)
    others = NomineeMatch.objects.filter(nominee__request=nominee.request, person=person)
    if NomineeMatch.objects.filter(nominee=nominee).exists() or others.exists():
        raise MatchedAlready(name=nominee.name)
    match = NomineeMatch.objects.create(nominee=nominee, person=person, matched_by=by)
    audit.record("courses.nominee_matched", nominee.request, actor=by, nominee=nominee.name, person=person.staff_number)
    for presence in nominee.presences:
        _attend(session, person, presence, by)
    return match


def _attend(session: Session, person: Person, presence: NomineeTimes, by: Person) -> None:
    """Give the person the attendance of the named one at a meeting, unless they have one of their own."""
    enrolment, _is_new = Enrolment.objects.get_or_create(
        session=session, person=person, defaults={"state": EnrolmentState.SEATED, "booked_by": by}
    )
    if enrolment.state != EnrolmentState.SEATED:
        enrolment.state = EnrolmentState.SEATED
        enrolment.save(update_fields=["state"])
    meeting = presence.meeting
    meeting.session = enrolment.session = session
    if Attendance.objects.filter(enrolment=enrolment, meeting=meeting).exists():
        return
    check_present_nowhere_else(person, session, presence.came_at, presence.went_at)
    attendance = Attendance.objects.create(
        enrolment=enrolment,
        meeting=meeting,
        checked_in_at=presence.came_at,
        checked_in_from=TimeSource.PAPER,
        checked_in_by=by,
        checked_out_at=presence.went_at,
        checked_out_from=TimeSource.PAPER,
        checked_out_by=by,
    )
    settle(attendance)
