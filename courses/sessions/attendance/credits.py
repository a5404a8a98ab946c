"""Time credited for attendance.

The rule of credit: whoever was there for at least 90 % of the time between start and end of a meeting is credited its
share of every module in full; whoever was there for less is credited that part of it, rounded down to whole minutes.
Time before the start and after the end does not count; breaks count as presence for those who were there around them.
The minutes of a module are shared out among the meetings of the session as the teaching time is; the only meeting of a
session has all of them. A meeting that is dropped once check-in was open keeps its share, which nobody is credited.
"""

import datetime as dt
from collections import defaultdict

from django.db.models import prefetch_related_objects
from django.utils import timezone

from courses.models import Attendance, AttendanceCorrection, HourCredit, Meeting
from courses.sessions.errors.attendance import HoursCertified
from courses.sessions.wording import Span
from courses.signals import hours_credited, hours_falling

# Per cent of a meeting one must be there for to be credited all of it.
WHOLE_FROM_PERCENT = 90


def share_of(meeting: Meeting, minutes: int) -> int:
    """Return how many of a module's minutes are taught in ``meeting``: whole ones, and in sum all of them."""
    # Loaded once for all modules and people that are credited with this session.
    prefetch_related_objects([meeting.session], "meetings", "dropped_meetings")
    held = [(one.starts_at, max(one.planned_minutes, 0)) for one in meeting.session.meetings.all()]
    # What was dropped after somebody was credited keeps its share: nobody gets it.
    dropped = [(one.starts_at, one.share_minutes) for one in meeting.session.dropped_meetings.all()]
    if len(held) == 1 and not any(share for _start, share in dropped):
        return minutes
    total = sum(share for _start, share in held + dropped)
    before = sum(share for start, share in held + dropped if start < meeting.starts_at)
    own = max(meeting.planned_minutes, 0)
    return minutes * (before + own) // total - minutes * before // total if total else 0


def credited_minutes(span: Span, came: dt.datetime, went: dt.datetime, minutes: int) -> int:
    """Return what part of ``minutes`` is credited to somebody who was there from ``came`` to ``went``.

    Args:
        span: the meeting.
        came, went: aware moments, in this order.
        minutes: the time of one module in this meeting.
    """
    planned = (span.ends_at - span.starts_at) // dt.timedelta(seconds=1)
    stayed = (min(went, span.ends_at) - max(came, span.starts_at)) // dt.timedelta(seconds=1)
    present = max(0, stayed)
    if present * 100 >= planned * WHOLE_FROM_PERCENT:
        return minutes
    return minutes * present // planned


def worth_at(meeting: Meeting, came: dt.datetime, went: dt.datetime, minutes: int) -> int:
    """Return what of a module's minutes in the session is credited for ``meeting``."""
    return credited_minutes(meeting, came, went, share_of(meeting, minutes))


def settle(
    attendance: Attendance, *, correction: AttendanceCorrection | None = None, recorded_at: dt.datetime | None = None
) -> list[HourCredit]:
    """Append what is missing between the credits on record and what the attendance is worth now; return the new ones.

    A module of which nothing was heard gives no record. What rests on hours is told within the transaction.

    Args:
        correction: why the worth changed; None at the first check-out.
        recorded_at: the moment the credit was on record, now by default; earlier ones are for imports and demo data.

    Raises:
        HoursCertified: hours would be taken back on which a certificate in force rests.
    """
    session, person = attendance.enrolment.session, attendance.enrolment.person
    known: dict[int, list[HourCredit]] = defaultdict(list)
    for credit in HourCredit.objects.filter(attendance=attendance).order_by("pk"):
        known[credit.module_id].append(credit)
    made = []
    for part in session.parts.select_related("module"):
        before = known[part.module_id]
        change = _worth(attendance, part.minutes) - sum(credit.minutes for credit in before)
        made.append(
            HourCredit(
                attendance=attendance,
                person=person,
                module=part.module,
                minutes=change,
                earned_on=timezone.localdate(attendance.meeting.ends_at),
                recorded_at=recorded_at or timezone.now(),
                number=correction.number if correction else 0,
                corrects=before[0] if before else None,
            )
        )
    made = [credit for credit in made if credit.minutes]
    _check_certificates(attendance, [credit for credit in made if credit.minutes < 0])
    HourCredit.objects.bulk_create(made)
    if gained := [credit for credit in made if credit.minutes > 0]:
        hours_credited.send(sender=HourCredit, person=person, credits=gained)
    return made


def _worth(attendance: Attendance, minutes: int) -> int:
    if attendance.is_void or attendance.went is None:
        return 0
    return worth_at(attendance.meeting, attendance.came, attendance.went, minutes)


def _check_certificates(attendance: Attendance, lost: list[HourCredit]) -> None:
    """Ask the apps above whether something in force rests on what is to be taken back."""
    if not lost:
        return
    person = attendance.enrolment.person
    answers = hours_falling.send(sender=HourCredit, person=person, credits=[credit.corrects for credit in lost])
    names = [name for _receiver, found in answers for name in found]
    if names:
        raise HoursCertified(person=person.name, certificates="、".join(names))
