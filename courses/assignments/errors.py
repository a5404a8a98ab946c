"""Refusals about assigned training."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotYourBranch(NotAllowed):
    """Somebody assigns training to a branch they do not manage, or enrols people they do not manage."""

    code = "not_your_branch"
    message = _("You do not manage %(organisation)s. Nothing was changed. Its manager or an administrator can.")


class DueDayPassed(DomainError):
    """The last day lies behind."""

    code = "due_day_passed"
    status = 422
    message = _("The last day lies in the past. Nothing was assigned. Choose a later day.")


class NotOfBranch(DomainError):
    """Training is assigned to one person who works elsewhere."""

    code = "person_not_of_branch"
    status = 422
    message = _("%(person)s does not work in %(organisation)s. Nothing was assigned.")


class AlreadyAssigned(DomainError):
    """The same training is assigned to the same people already."""

    code = "already_assigned"
    message = _("This is assigned to the same people already. Withdraw that first if the day changes.")


class AlreadyWithdrawn(DomainError):
    """Assigned training is withdrawn twice."""

    code = "due_already_withdrawn"
    message = _("This was withdrawn already. Nothing was changed.")


class NotPublished(DomainError):
    """A draft, a template or a course nobody can take is assigned."""

    code = "training_not_published"
    status = 422
    message = _("“%(title)s” is not published, so nobody can be credited for it. Nothing was assigned.")
