"""Domain errors of drafts and approvals."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class OwnChange(NotAllowed):
    """Nobody approves what they wrote themselves."""

    code = "own_change"
    message = _("You wrote part of this change. Somebody else must approve it; until then nothing has changed.")


class NothingToApprove(DomainError):
    """The draft was decided already."""

    code = "nothing_to_approve"
    message = _("This change was decided already. Nothing was done.")


class ChangedSince(DomainError):
    """What is to be decided is not what was looked at."""

    code = "changed_since"
    message = _("This was changed since you opened the page. Look at it again; nothing was done.")


class NotComplete(DomainError):
    """A draft that is not valid as a record."""

    code = "draft_not_complete"
    status = 422
    message = _("This change cannot take effect: %(problems)s Reject it with a reason, or correct the draft.")


class RejectionNeedsReason(DomainError):
    """The author should learn why."""

    code = "rejection_needs_reason"
    status = 422
    message = _("Give a reason; the authors of the draft read it.")


class NotApprovedYet(DomainError):
    """A record that has no approved version cannot be relied on."""

    code = "not_approved_yet"
    message = _("“%(record)s” has not been approved yet and cannot be used. Ask your administrator.")
