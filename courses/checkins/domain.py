"""Verbs at the door: scan, leave, confirm, refuse. A scan is a word; attendance is what the trainer confirms."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from courses.checkins.errors import CheckInOver, NoSeatHere, NotOpenYet
from courses.checkins.queries import named_people_inside
from courses.enums import EnrolmentState, SessionState, TimeSource
from courses.models import Arrival, Attendance, Enrolment, Nominee, Session
from courses.nominations.errors import NotOfTheSession
from courses.nominations.times import record_times
from courses.sessions.attendance.domain import attendance_of, check_in, check_out
from courses.sessions.errors.attendance import OwnAttendance
from courses.sessions.errors.seats import NotHeldForYou, TeachesThere
from courses.sessions.errors.states import WrongState
from courses.sessions.meetings.domain import current_meeting
from courses.sessions.permissions import is_held_for
from courses.sessions.seats.domain import seat_walk_in
from courses.sessions.seats.leavers import has_left
from courses.sessions.states import CHECK_IN_LEAD, locked, require_runner
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person, PortalSettings

#: How long after the scan a reader may still sign in; the time of the scan counts.
TICKET = dt.timedelta(minutes=10)


def check_open(session: Session) -> None:
    """See that somebody can check in now.

    Raises:
        NotOpenYet, CheckInOver: they cannot.
    """
    now, opens = timezone.now(), session.shown_meeting.starts_at - CHECK_IN_LEAD
    is_between = session.state == SessionState.OPEN and session.has_several_meetings and now < opens
    if (session.state == SessionState.SCHEDULED and now < session.ends_at) or is_between:
        raise NotOpenYet(when=formats.date_format(timezone.localtime(max(opens, now)), "DATETIME_FORMAT"))
    if session.state != SessionState.OPEN or session.is_over:
        raise CheckInOver(session=session.title, trainer=session.trainer.name)


@transaction.atomic
def arrive(
    session: Session,
    *,
    at: dt.datetime,
    person: Person | None = None,
    nominee: Nominee | None = None,
    is_recognised: bool = True,
) -> Arrival:
    """Note that somebody scanned the code. Scanned twice, the first time counts.

    Args:
        at: when the code was scanned; at most ten minutes ago, since signing in takes a moment.
        person, nominee: who scanned, one of them.
        is_recognised: whether the telephone is known as theirs; not, where a named person has only typed their name.

    Raises:
        NotOpenYet, CheckInOver: not now.
        TeachesThere: the trainer needs no seat.
        NoSeatHere, NotHeldForYou: without a seat, where that is not allowed or the session is for others.
        NotOfTheSession: the named person stands on another list.
    """
    session = locked(session)
    check_open(session)
    now = timezone.now()
    at = min(max(at, now - TICKET), now)
    if person is not None:
        _check_person(session, person)
    elif nominee is None or not Nominee.objects.of_session(session).filter(pk=nominee.pk).exists():
        raise NotOfTheSession
    meeting = current_meeting(session, at)
    arrival = Arrival.objects.filter(meeting=meeting, person=person, nominee=nominee).first()
    if arrival is not None and not arrival.is_refused:
        return _recognised_later(arrival) if is_recognised and not arrival.is_recognised else arrival
    before = snapshot(arrival) if arrival else None
    arrival = arrival or Arrival(session=session, meeting=meeting, person=person, nominee=nominee)
    # Who was refused may scan again: the trainer looks again.
    arrival.came_at, arrival.is_refused, arrival.decided_at, arrival.decided_by = at, False, None, None
    arrival.is_recognised = is_recognised
    arrival.save()
    changes = since(before, arrival) if before else added(arrival)
    audit.record("courses.arrival_scanned", session, actor=person, who=arrival.name, changes=changes)
    return arrival


def _recognised_later(arrival: Arrival) -> Arrival:
    """Somebody who had typed their name shows their own link after all."""
    before = snapshot(arrival)
    arrival.is_recognised = True
    arrival.save(update_fields=["is_recognised"])
    changes = since(before, arrival)
    audit.record("courses.arrival_scanned", arrival.session, actor=None, who=arrival.name, changes=changes)
    return arrival


def _check_person(session: Session, person: Person) -> None:
    if session.trainer_id == person.pk:
        raise TeachesThere(person=person.name)
    if Enrolment.objects.filter(session=session, person=person, state=EnrolmentState.SEATED).exists():
        return
    if not PortalSettings.load().walk_ins_by_scan:
        raise NoSeatHere(trainer=session.trainer.name)
    if has_left(person, session) or not is_held_for(person, session):
        raise NotHeldForYou(organisation=session.organisation.name)


@transaction.atomic
def leave(arrival: Arrival, *, at: dt.datetime) -> Arrival:
    """Note that somebody scanned the code again to leave; the first time counts.

    Raises:
        CheckInOver: the session is closed.
    """
    session = locked(arrival.session)
    if session.state != SessionState.OPEN:
        raise CheckInOver(session=session.title, trainer=session.trainer.name)
    arrival = Arrival.objects.get(pk=arrival.pk)
    if arrival.left_at is None:
        before = snapshot(arrival)
        arrival.left_at = max(min(at, timezone.now()), arrival.came_at)
        arrival.save(update_fields=["left_at"])
        changes = since(before, arrival)
        audit.record("courses.arrival_scanned", session, actor=arrival.person, who=arrival.name, changes=changes)
    return arrival


@transaction.atomic
def confirm(arrival: Arrival, *, by: Person) -> Arrival:
    """Say that somebody who scanned is really there: they get a seat if they have none, and their time is recorded.

    Of a named person the times are recorded when they leave, both at once.

    Raises:
        NotYourSession, WrongState: ``by`` does not run the session, or check-in is not open.
        and what :func:`courses.sessions.attendance.domain.check_in` and ``seat_walk_in`` raise.
    """
    arrival = _locked_for(arrival, by)
    if arrival.person is not None and arrival.person_id == by.pk:
        raise OwnAttendance
    before = snapshot(arrival)
    if not arrival.is_confirmed:
        arrival.decided_at, arrival.decided_by, arrival.is_refused = timezone.now(), by, False
        if arrival.person is not None:
            enrolment = seat_walk_in(arrival.session, arrival.person, by=by)
            # What a button or the sheet recorded before stands.
            if not Attendance.objects.filter(enrolment=enrolment, meeting=arrival.meeting).exists():
                at, meeting = arrival.came_at, arrival.meeting
                check_in(enrolment, by=by, at=at, source=TimeSource.SCAN, meeting=meeting)
        arrival.save(update_fields=["decided_at", "decided_by", "is_refused"])
    if arrival.is_leaving:
        _confirm_leaving(arrival, by)
    _record_confirmation(arrival, before, by)
    return arrival


def _confirm_leaving(arrival: Arrival, by: Person) -> None:
    assert arrival.left_at is not None
    if arrival.nominee is not None:
        # What the sheet recorded before stands, as it does for people with a seat.
        if not arrival.nominee.times.filter(meeting=arrival.meeting).exists():
            times = {arrival.nominee.pk: (arrival.came_at, arrival.left_at)}
            record_times(arrival.session, times, by=by, meeting=arrival.meeting)
    else:
        enrolment = Enrolment.objects.get(session=arrival.session, person=arrival.person)
        attendance = attendance_of(enrolment, arrival.meeting)
        if attendance is not None and not attendance.is_void and attendance.went is None:
            went = max(arrival.left_at, attendance.came)
            check_out(enrolment, by=by, at=went, source=TimeSource.SCAN, meeting=arrival.meeting)
    arrival.left_confirmed_at = timezone.now()
    arrival.save(update_fields=["left_confirmed_at"])


def _record_confirmation(arrival: Arrival, before: dict[str, Any], by: Person) -> None:
    changes = since(before, arrival)
    if changes:
        audit.record("courses.arrival_confirmed", arrival.session, actor=by, who=arrival.name, changes=changes)


@transaction.atomic
def refuse(arrival: Arrival, *, by: Person) -> Arrival:
    """Say that somebody who scanned is not there. Refusing twice changes nothing.

    Raises:
        NotYourSession, WrongState: as for :func:`confirm`; or they are confirmed already: then the times are corrected.
    """
    arrival = _locked_for(arrival, by)
    if arrival.is_confirmed:
        raise WrongState(state=arrival.session.get_state_display())
    if not arrival.is_refused:
        before = snapshot(arrival)
        arrival.decided_at, arrival.decided_by, arrival.is_refused = timezone.now(), by, True
        arrival.save(update_fields=["decided_at", "decided_by", "is_refused"])
        changes = since(before, arrival)
        audit.record("courses.arrival_refused", arrival.session, actor=by, who=arrival.name, changes=changes)
    return arrival


@transaction.atomic
def named_people_out(session: Session, *, by: Person) -> Sequence[Arrival]:
    """Record the times of the named people who scanned, were confirmed and are still there; they leave now.

    Raises:
        NotYourSession, WrongState: as for :func:`confirm`.
    """
    session = locked(session)
    require_runner(by, session)
    left = []
    for arrival in named_people_inside(session).select_related("nominee", "meeting"):
        arrival.session = session
        before = snapshot(arrival)
        arrival.left_at = arrival.left_at or max(min(timezone.now(), arrival.meeting.ends_at), arrival.came_at)
        arrival.save(update_fields=["left_at"])
        _confirm_leaving(arrival, by)
        _record_confirmation(arrival, before, by)
        left.append(arrival)
    return left


def _locked_for(arrival: Arrival, by: Person) -> Arrival:
    session = locked(arrival.session)
    require_runner(by, session)
    if session.state != SessionState.OPEN:
        raise WrongState(state=session.get_state_display())
    arrival = Arrival.objects.select_related("person", "nominee", "meeting").get(pk=arrival.pk)
    arrival.session = arrival.meeting.session = session
    return arrival
