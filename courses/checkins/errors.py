"""Refusals at the door; each says what happened, what was kept and what to do next."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class CodeOver(DomainError):
    """A code is made up, or was shown on the trainer's screen too long ago."""

    code = "check_in_code_over"
    status = 410
    message = _(
        "This code is no longer valid: it changes every few seconds so that it cannot be passed on. "
        "Nothing was recorded. Scan the code on the trainer's screen again."
    )


class NotOpenYet(DomainError):
    """Somebody scans before check-in is open."""

    code = "check_in_not_open"
    message = _(
        "Check-in is not open yet. It opens from %(when)s at the earliest. Nothing is lost: scan the code again then."
    )


class CheckInOver(DomainError):
    """Somebody scans when the session is over."""

    code = "check_in_over"
    message = _("“%(session)s” is over or was called off, so nothing was recorded. Speak to %(trainer)s.")


class NoSeatHere(DomainError):
    """Somebody without a seat scans where only those with one may."""

    code = "check_in_without_seat"
    message = _("You have no seat in this session. Nothing was recorded. Speak to %(trainer)s, who can add you.")


class NotNamedHere(DomainError):
    """Nobody of this name is on the customer's list."""

    code = "check_in_not_named"
    status = 422
    message = _(
        "Nobody of this name and number is on the list for this session. Nothing was recorded. "
        "Check what you typed, or speak to %(trainer)s."
    )


class TappedTooLongAgo(DomainError):
    """A press is sent so late that the sheet must be asked."""

    code = "tap_too_old"
    message = _("This was pressed more than %(hours)s hours ago. Enter the times from the signed sheet.")


class UnusableSheetScan(DomainError):
    """A file that is no photo and no PDF of a sheet."""

    code = "unusable_sheet_scan"
    status = 422
    message = _(
        "The scan must be a JPEG, PNG or WebP photo of at most 25 megapixels or a PDF, of at most %(limit)d MB. "
        "Nothing was kept."
    )
