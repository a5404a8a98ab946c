"""Refusals about seats: booking, the waitlist, offers, approval, reservations."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


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


class FewerSeatsThanPeople(DomainError):
    """The room is made smaller than the number of people who have a seat."""

    code = "fewer_seats_than_people"
    status = 422
    message = _("%(taken)s people already have a seat, so there cannot be fewer seats. Nothing was saved.")


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


class LearnerBusy(DomainError):
    """Somebody books a session at the time of another one they have a place in, and the organisation refuses that."""

    code = "learner_busy"
    message = _("%(clash)s Nothing was booked. Give that place back first, or choose another session.")
