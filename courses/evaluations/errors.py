"""Refusals about evaluations; each says what happened, what was kept and what to do next."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class WasNotThere(NotAllowed):
    """Somebody evaluates a session they did not attend."""

    code = "evaluation_not_attended"
    message = _("Only who was there evaluates a session. Nothing was kept.")


class EvaluationClosed(DomainError):
    """It is too early or too late for an evaluation."""

    code = "evaluation_closed"
    message = _("The session can be evaluated from its end until %(days)s days later. Nothing was kept.")


class EvaluatedAlready(DomainError):
    """The second evaluation of one person."""

    code = "evaluated_already"
    message = _("You have evaluated this session. The first answer stays; nobody can tell which it is.")


class NothingSaid(DomainError):
    """An empty form."""

    code = "evaluation_empty"
    status = 422
    message = _("Choose at least one number or write something. Nothing was kept.")


class NotYourReview(NotAllowed):
    """Somebody reviews a person they are not responsible for, or themselves."""

    code = "effect_not_yours"
    message = _("The effect of a training is reviewed by the person's manager. Nothing was kept.")


class ReviewedAlready(DomainError):
    """A second review of the same term."""

    code = "effect_reviewed_already"
    message = _("%(person)s has reviewed this already. The first review stays.")


class NotYourComplaint(NotAllowed):
    """A complaint is settled by somebody it is not addressed to."""

    code = "complaint_not_yours"
    message = _("Complaints are read and settled by the manager of the branch. Nothing was changed.")
