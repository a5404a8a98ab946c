"""Refusals of a session as a whole: its state, and whose it is."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


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


class NotYourSession(NotAllowed):
    """Somebody runs a session that is not theirs."""

    code = "not_your_session"
    message = _(
        "Only the session's trainer, the manager of the branch or an administrator may do this. Nothing was changed."
    )
