"""Refusals about sessions, seats and attendance; each says what happened, what was kept and what to do next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed

if TYPE_CHECKING:
    from courses.sessions.clashes import Clash


class WrongState(DomainError):
    """The session is not in a state from which this can be done."""

    code = "session_wrong_state"
    message = _(
        "The session is “%(state)s”, so this cannot be done now. Nothing was changed. "
        "Reload the page to see how it stands."
    )


class SessionCancelled(DomainError):
    """Somebody books a session that was called off."""

    code = "session_cancelled"
    message = _("This session was cancelled. No seat was booked. Please choose another session of the module.")


class SessionStarted(DomainError):
    """Somebody books or leaves a session that has begun or is over."""

    code = "session_started"
    message = _(
        "This session has already begun. Your booking is as it was. Speak to the trainer, or choose another session."
    )


class NotHeldForYou(DomainError):
    """The session is for another branch, another customer or another audience."""

    code = "session_not_for_person"
    status = 403
    message = _(
        "This session is held for other people (%(organisation)s). No seat was booked. "
        "Choose a session of your own branch or ask your manager."
    )


class PrerequisitesMissing(DomainError):
    """Somebody books a module before those it builds on are credited."""

    code = "prerequisites_missing"
    message = _("First comes: %(modules)s. No seat was booked. Book a session of it, or ask whoever runs this session.")


class TeachesThere(DomainError):
    """The trainer books a seat in their own session."""

    code = "trainer_is_no_trainee"
    message = _("%(person)s teaches this session and needs no seat. Nothing was changed.")


class SessionFull(DomainError):
    """A walk-in has no chair."""

    code = "session_full"
    message = _(
        "All %(capacity)s seats are taken, so nobody was added. Raise the number of seats first if the room allows it."
    )


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


class EndsBeforeStart(DomainError):
    """The times of a session are the wrong way round."""

    code = "session_ends_before_start"
    status = 422
    message = _("The session must end after it begins. Nothing was saved.")


class StartsInThePast(DomainError):
    """A session is planned for a time that has gone."""

    code = "session_in_the_past"
    status = 422
    message = _(
        "The start lies in the past. Nothing was saved. Tick “already held” to record training that took place."
    )


class NothingTaught(DomainError):
    """A session without a module."""

    code = "session_without_module"
    status = 422
    message = _("Choose at least one module. Nothing was saved.")


class TooLittleTime(DomainError):
    """More is to be taught than the session lasts."""

    code = "session_too_short"
    status = 422
    message = _(
        "The modules need %(needed)s minutes, the session has %(planned)s without breaks. Nothing was saved. "
        "Extend the session or teach part of a module."
    )


class TrainerNotQualified(DomainError):
    """The trainer is not on the list of a module."""

    code = "trainer_not_qualified"
    status = 422
    message = _(
        "%(trainer)s is not a qualified trainer of %(modules)s. Nothing was saved. "
        "Choose another trainer, or have the module's list of trainers extended."
    )


class TrainerNotAllowedThatDay(DomainError):
    """A module wants trainers who are allowed its task on the day, and this one is not."""

    code = "trainer_not_allowed_that_day"
    status = 422
    message = _("The session was not arranged. %(reasons)s Choose another trainer or another day.")


class TrainerBusy(DomainError):
    """The trainer teaches elsewhere at that time."""

    code = "trainer_busy"
    message = _(
        "%(trainer)s already teaches “%(session)s” at that time. Nothing was saved. Choose another time or trainer."
    )


class SessionTooLong(DomainError):
    """A session lasts longer than any training does."""

    code = "session_too_long"
    status = 422
    message = _(
        "A session lasts %(days)s days at most. Nothing was saved. Check the end, or schedule several sessions."
    )


class PlaceTaken(DomainError):
    """Another session is held there at that time."""

    code = "place_taken"
    message = _("%(clash)s Nothing was saved. Choose another time or place.")


class MachineTaken(DomainError):
    """A machine is used in another session at that time."""

    code = "machine_taken"
    message = _("%(clash)s Nothing was saved. Choose another time or machine.")


class TraineesBusy(DomainError):
    """People of the session are booked into another one at that time."""

    code = "trainees_busy"
    message = _("%(clash)s Nothing was saved. Choose another time for the session.")


class PlaceTooSmall(DomainError):
    """The session has more seats than its place holds people."""

    code = "place_too_small"
    message = _("%(clash)s Nothing was saved. Choose a larger place or fewer seats.")


class OnPublicHoliday(DomainError):
    """The session falls on a day off."""

    code = "on_public_holiday"
    message = _("%(clash)s Nothing was saved. Choose another day for the session.")


class ClashesToConfirm(DomainError):
    """Something speaks against the session that may be wanted all the same.

    Args:
        clashes: as ``courses.sessions.rules.judged`` returns them.
    """

    code = "clashes_to_confirm"
    message = _("%(clashes)s Nothing was saved. Change the session, or confirm that it is wanted all the same.")

    def __init__(self, clashes: Sequence["Clash"]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(clashes=" ".join(clash.message for clash in self.clashes))

    def details(self) -> dict[str, Any]:
        """Return the clashes, each with the key that confirms it."""
        return {"clashes": [{"code": each.code, "key": each.key, "message": each.message} for each in self.clashes]}


class MovedMeanwhile(DomainError):
    """A session is moved that stands elsewhere than the mover saw."""

    code = "session_moved_meanwhile"
    message = _(
        "Somebody else has moved this session: it is now %(when)s, %(trainer)s, %(place)s. Nothing was changed. "
        "Look at both and move it again if it should be so."
    )


class TrainerIsBooked(DomainError):
    """Somebody is made the trainer of a session in which they have a place."""

    code = "trainer_is_booked"
    message = _(
        "%(trainer)s is booked into this session and cannot teach it as well. Nothing was saved. "
        "Give the place back first, or choose another trainer."
    )


class FewerSeatsThanPeople(DomainError):
    """The room is made smaller than the number of people who have a seat."""

    code = "fewer_seats_than_people"
    status = 422
    message = _("%(taken)s people already have a seat, so there cannot be fewer seats. Nothing was saved.")


class AttendanceRecorded(DomainError):
    """A session is cancelled although people were checked in."""

    code = "attendance_recorded"
    message = _("People have been checked in, so the session cannot be cancelled. Their attendance is kept.")


class NotYourSession(NotAllowed):
    """Somebody runs a session that is not theirs."""

    code = "not_your_session"
    message = _(
        "Only the session's trainer, the manager of the branch or an administrator may do this. Nothing was changed."
    )


class BookingOver(DomainError):
    """Somebody books after the last moment for it."""

    code = "booking_over"
    message = _("Seats could be booked until %(until)s. No seat was booked. Ask whoever runs the session.")


class CancellingOver(DomainError):
    """Somebody gives a seat back after the last moment for it."""

    code = "cancelling_over"
    message = _("Seats could be given back until %(until)s. You keep your seat. If you cannot come, tell %(trainer)s.")


class NoOffer(DomainError):
    """A seat is taken or declined that is not offered, or not any more."""

    code = "no_seat_offered"
    message = _("This seat is not offered to you any more. Nothing was changed. You may join the waitlist again.")


class NotYoursToApprove(NotAllowed):
    """Somebody decides about a seat that is for others to decide about."""

    code = "not_yours_to_approve"
    message = _("This seat is for somebody else to approve, or was decided already. Nothing was changed.")


class TooManyReserved(DomainError):
    """More seats are reserved than a session has."""

    code = "too_many_reserved"
    status = 422
    message = _("Only %(free)s seats can be reserved. Nothing was changed.")


class NotOfTheSessionsBranch(DomainError):
    """Seats are reserved for a branch the session is not held for."""

    code = "branch_not_of_session"
    status = 422
    message = _("The session is not held for %(organisation)s, or the day is past. Nothing was reserved.")
