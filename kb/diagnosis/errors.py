"""Refusals of guided diagnosis."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class GuideChanged(DomainError):
    """The guide was published anew while it was followed, and the step is gone; ``kept`` is the path that stands."""

    code = "guide_changed"
    message = _("The guide was changed meanwhile. You are back at the last step it still has.")

    def __init__(self, kept: str) -> None:
        self.kept = kept
        super().__init__()


class RunEnded(DomainError):
    """The run has its result already; a second answer would change what was reported."""

    code = "run_ended"
    message = _("This run has ended and its result is recorded. Start the guide again for another machine.")


class NotAnEnd(DomainError):
    """A result is given at an end of the guide, not on the way."""

    code = "not_an_end"
    status = 422
    message = _("The guide has not ended yet: answer the question first, or report what you could not find out.")


class NotYourRun(DomainError):
    """The token belongs to somebody else's run."""

    code = "not_your_run"
    status = 404
    message = _("This run was not found. Start the guide again.")


class StepWasClosed(DomainError):
    """A run from a device answers a hazardous step that was not open to the person on that day."""

    code = "step_was_closed"
    status = 403
    message = _("“%(step)s” was not open to you on that day, so this run was not recorded.")


class TooOld(DomainError):
    """A run lay on a device for months."""

    code = "run_too_old"
    status = 422
    message = _("This run is more than 60 days old and was not recorded.")
