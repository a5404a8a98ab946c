"""Refusals about attendance: who came when, what is on record, what can be corrected."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class AlreadyThere(DomainError):
    """A seat is given up although its holder has been checked in."""

    code = "already_checked_in"
    message = _("%(person)s has already been checked in, so the seat stays. The attendance is kept.")


class NotSeated(DomainError):
    """Attendance of somebody without a seat."""

    code = "not_seated"
    message = _("%(person)s has no seat in this session. Add the person first, then check in.")


class OwnAttendance(DomainError):
    """Somebody credits hours to themselves."""

    code = "own_attendance"
    status = 403
    message = _("Nobody records their own attendance. Nothing was changed. Ask the trainer of the session to do it.")


class NotCheckedIn(DomainError):
    """Somebody goes who never came."""

    code = "not_checked_in"
    message = _("%(person)s has not been checked in yet. Check in first.")


class ImpossibleTime(DomainError):
    """A time of coming or going that cannot be."""

    code = "impossible_attendance_time"
    status = 422
    message = _(
        "%(time)s cannot be right: people come before the session ends, leave after they came, "
        "and not in the future. Nothing was recorded."
    )


class TimeOnRecord(DomainError):
    """A button is pressed, or a time entered, although something else is on record already."""

    code = "attendance_time_on_record"
    message = _(
        "For %(person)s %(times)s is on record (%(source)s). Nothing was changed. "
        "If it is wrong, correct the times and say why."
    )


class AttendanceStruck(DomainError):
    """Attendance is recorded that a correction has taken out."""

    code = "attendance_struck"
    message = _(
        "It was corrected that %(person)s was not there. Nothing was changed. "
        "If the person did come, correct the times and say why."
    )


class PresentElsewhere(DomainError):
    """Somebody would be in two sessions at once, as a trainee or as a trainer."""

    code = "present_elsewhere"
    message = _(
        "%(person)s is in “%(session)s” at that time (%(when)s), and nobody is in two places at once. "
        "Nothing was recorded. Check the person out there or correct the times first."
    )


class ClosedForGood(DomainError):
    """Attendance is corrected long after the session was closed."""

    code = "session_closed_for_good"
    message = _(
        "The session was closed more than %(days)s days ago and stays as it is. Nothing was changed. "
        "If a qualification is wrong because of it, have the qualification corrected."
    )


class HoursCertified(DomainError):
    """Hours are taken back on which a certificate in force rests."""

    code = "hours_certified"
    message = _(
        "%(certificates)s of %(person)s rests on these hours, so they stay as they are. Nothing was changed. "
        "Have the qualification corrected or revoked first, then correct the times."
    )


class CorrectionNeedsReason(DomainError):
    """Attendance is corrected without saying why."""

    code = "correction_needs_reason"
    status = 422
    message = _("Say why the times are corrected. Nothing was changed.")


class NothingCorrected(DomainError):
    """A correction says what is on record already."""

    code = "nothing_corrected"
    status = 422
    message = _("These are the times on record. Nothing was changed.")


class StillThere(DomainError):
    """The time of leaving is left out for somebody who has left."""

    code = "leaving_time_missing"
    status = 422
    message = _("%(person)s has checked out. Enter when the person left. Nothing was changed.")


class StillInside(DomainError):
    """The session is closed while people are not checked out."""

    code = "still_checked_in"
    message = _("Not checked out yet: %(people)s. The session stays open. Check them out first, then close it.")


class TooEarly(DomainError):
    """Check-in is opened long before the start."""

    code = "check_in_too_early"
    message = _("Check-in can be opened from %(hours)s hours before the start. The session is unchanged.")


class AttendanceRecorded(DomainError):
    """A session is cancelled although people were checked in."""

    code = "attendance_recorded"
    message = _("People have been checked in, so the session cannot be cancelled. Their attendance is kept.")
