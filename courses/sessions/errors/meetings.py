"""Refusals about the meetings of a session."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class MeetingsOverlap(DomainError):
    """Two meetings of a session share time."""

    code = "meetings_overlap"
    status = 422
    message = _("Meetings %(first)s and %(second)s share time. Nothing was saved; give each its own span.")


class NothingButBreaks(DomainError):
    """The breaks of one of several meetings leave no time to teach, so that being there would be worth nothing."""

    code = "meeting_nothing_but_breaks"
    status = 422
    message = _(
        "Meeting %(number)s has nothing but breaks. Nothing was saved; shorten its breaks or let it last longer."
    )


class TooManyMeetings(DomainError):
    """More meetings than a session may have."""

    code = "too_many_meetings"
    status = 422
    message = _("A session has at most %(most)s meetings. Nothing was saved; divide it into several sessions.")


class NoSuchMeeting(DomainError):
    """A meeting of another session, or of none."""

    code = "no_such_meeting"
    status = 404
    message = _("The session has no such meeting any more. Nothing was saved; open the page again.")


class MeetingHeld(DomainError):
    """A meeting to which somebody came is taken out of the session."""

    code = "meeting_held"
    message = _("Meeting %(number)s stays: it is on record who came to it. Nothing was saved.")


class MeetingsAhead(DomainError):
    """A session is closed although meetings of it have not begun."""

    code = "meetings_ahead"
    message = _(
        "Meeting %(label)s (%(when)s) has not begun yet, so the session stays open. Close it after the last one."
    )


class DropNeedsReason(DomainError):
    """A meeting of a session whose check-in is open is taken out without saying why."""

    code = "drop_needs_reason"
    status = 422
    message = _(
        "Say why meeting %(number)s is not held: whoever was to come reads it in the letter. Nothing was saved."
    )


class OnlyComingMeetings(DomainError):
    """A session whose check-in is open is changed in what has begun or has people, or in how long a meeting lasts."""

    code = "only_coming_meetings"
    message = _(
        "Check-in is open: meetings that have not begun can still be moved, each as long as it lasts, and those to "
        "which nobody came can be taken out. Nothing was saved."
    )
