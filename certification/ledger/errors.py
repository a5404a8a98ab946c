"""Refusals of the qualification ledger."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class IllegalOrder(DomainError):
    """The ledger does not allow this act after the last one."""

    code = "illegal_order"
    message = _(
        "“%(kind)s” cannot follow “%(last)s” in the ledger of this qualification. Nothing was written; "
        "open the person's file to see where it stands."
    )


class ActBeforeGrant(DomainError):
    """An act would hold from a day before the grant it concerns."""

    code = "act_before_grant"
    status = 422
    message = _("The day must not lie before %(day)s, when the qualification begins. Nothing was written.")


class RecordedBackwards(DomainError):
    """An import would write an entry before one that is already known."""

    code = "recorded_backwards"
    status = 422
    message = _("The ledger only grows forward: the last entry is of %(at)s. Nothing was written.")


class AlreadyGranted(DomainError):
    """The ledger knows the qualification already; an earlier certificate would come before what was granted here."""

    code = "already_granted"
    message = _("%(scheme)s was granted to this person already. An earlier certificate is not taken over besides.")


class AlreadyCorrected(DomainError):
    """The entry has been corrected; correct the correction."""

    code = "already_corrected"
    message = _("This entry has already been corrected. Correct the latest correction instead.")


class NothingCorrected(DomainError):
    """The correction is identical to the entry."""

    code = "nothing_corrected"
    status = 422
    message = _("The entry says this already. Give other days, or say that it should never have been made.")


class LastDayWrong(DomainError):
    """A grant without a last day, or an entry that ends before it begins."""

    code = "last_day_wrong"
    status = 422
    message = _("The last day lies before the first. Nothing was written.")
    NEEDED = _("A qualification is granted until a day. Give the last day; nothing was written.")


class WiderThanCountersigned(DomainError):
    """A counter-signed grant would hold for days nobody has counter-signed."""

    code = "wider_than_countersigned"
    message = _(
        "This grant was counter-signed for its days. A correction may shorten it or take it away, not lengthen it; "
        "nothing was written."
    )


class NothingToLimit(DomainError):
    """The qualification was never granted, or the limit says this already."""

    code = "nothing_to_limit"
    message = _("The qualification was never granted, or its limit says this already. Nothing was written.")


class LaterEntryRests(DomainError):
    """A later entry rests on the one to be corrected."""

    code = "later_entry_rests"
    message = _(
        "“%(kind)s” of %(day)s rests on this entry and would no longer fit. Correct that later entry first; "
        "nothing was written."
    )
