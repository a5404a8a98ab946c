"""Domain errors shared by several folders of certification."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class ActKeyTaken(DomainError):
    """One key was used for two different acts."""

    code = "act_key_taken"
    message = _("This form was already used for another act. Open the form again.")


class ReasonNeeded(DomainError):
    """Taking something away, or allowing something again, needs a reason."""

    code = "reason_needed"
    status = 422
    message = _("Give a reason; it is kept in the ledger.")
