"""Refusals about what is taken over from before the portal."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class Contradicts(DomainError):
    """What is to be taken over contradicts itself or what is on record.

    Args:
        field: which of its facts.
    """

    code = "contradicts"
    status = 422
    message = _("%(reason)s Nothing was recorded.")

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason=reason)
        self.field = field


class NotTheirsToTakeOver(DomainError):
    """Administrators take over; assessors papers and practicals; nobody their own."""

    code = "not_theirs_to_take_over"
    status = 403
    message = _(
        "Only an administrator takes over records of others, and an assessor papers and practicals on equipment of "
        "the appointment. Nobody records their own. Nothing was recorded."
    )


class RestsOnTakenOver(DomainError):
    """A qualification was granted on it."""

    code = "rests_on_taken_over"
    message = _("%(scheme)s was granted on it. Correct that entry of the ledger first; nothing was withdrawn.")


class ScanKept(DomainError):
    """The record has a scan already."""

    code = "scan_kept"
    message = _("A scan is kept with this record already. Nothing was changed.")
