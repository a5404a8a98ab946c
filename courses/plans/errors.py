"""Refusals about training plans."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NotYourProject(DomainError):
    """Somebody without the right changes a project or its plan."""

    code = "not_your_project"
    status = 403
    message = _("Only trainers, managers and administrators with the branch in sight change this plan.")


class ImpossibleRule(DomainError):
    """A recurrence no calendar understands, or one that never ends within reach."""

    code = "impossible_rule"
    status = 422
    message = _("“%(rule)s” is no recurrence. Write it as in RFC 5545, for example FREQ=MONTHLY;INTERVAL=2.")


class EmptyWindow(DomainError):
    """The window of days is empty or too long."""

    code = "empty_window"
    status = 422
    message = _("The last day lies before the first one, or the window is longer than %(days)d days.")


class RowHasSession(DomainError):
    """A row whose sessions are in the calendar goes or changes its number."""

    code = "plan_row_has_session"
    message = _("Sessions were planned from row %(row)s. Cancel them first; the row is kept.")
