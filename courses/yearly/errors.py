"""Refusals about yearly plans."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotYourPlan(NotAllowed):
    """Somebody plans, or approves, for a branch they do not manage."""

    code = "not_your_yearly_plan"
    message = _("You do not manage %(organisation)s. Nothing was changed. Its manager or an administrator can.")


class NeedsNotAsked(NotAllowed):
    """Somebody says what they need where nobody asks them."""

    code = "own_needs_not_asked"
    message = _(
        "Your organisation does not ask people here which training they need. Nothing was noted. Tell your manager."
    )


class NotForYou(NotAllowed):
    """Somebody needs a module they may not see."""

    code = "module_not_for_you"
    message = _("This module is not for you or is not taught any more. Nothing was noted. Choose one of the catalogue.")


class PlanMoved(DomainError):
    """A plan is changed, submitted or approved in a state that does not let it."""

    code = "yearly_plan_moved"
    message = _("The plan is “%(state)s”, so this cannot be done now. Nothing was changed. Reload the page.")


class OwnPlan(NotAllowed):
    """Somebody approves a plan they submitted themselves."""

    code = "own_yearly_plan"
    message = _("You submitted this plan yourself. Another manager or an administrator approves it.")


class NothingPlanned(DomainError):
    """An empty plan is submitted."""

    code = "nothing_planned"
    status = 422
    message = _("The plan has no row. Nothing was submitted.")
