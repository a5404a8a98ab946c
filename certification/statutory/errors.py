"""Refusals about statutory cards."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class StatutoryTwice(DomainError):
    """The card is already on record."""

    code = "statutory_twice"
    message = _("A certificate of this kind with this number and first day is already on record.")


class UnknownProjectCode(DomainError):
    """The kind of card has project codes, and this is none of them."""

    code = "unknown_project_code"
    status = 422
    message = _("Cards of this kind name one of these projects: %(codes)s.")


class UnusableScan(DomainError):
    """What was uploaded is no image and no PDF, or too large."""

    code = "unusable_scan"
    status = 422
    message = _("The scan must be a JPEG, PNG or WebP image or a PDF of at most %(limit)d MB. Nothing was recorded.")


class NotTheirsToVerify(DomainError):
    """A record is verified by a second person: never the holder, nor who recorded it while somebody else can."""

    code = "not_theirs_to_verify"
    status = 403
    message = _("A second person verifies the record: not the holder, and not who recorded it.")


class CardWithdrawn(DomainError):
    """A withdrawn card is not verified any more."""

    code = "card_withdrawn"
    message = _("The card is withdrawn; there is nothing left to verify.")


class NotYourPlace(DomainError):
    """The documents of this place are kept by others."""

    code = "not_your_place"
    status = 403
    message = _("The documents of this place are kept by others.")


class DocumentTwice(DomainError):
    """This licence or insurance is on record already."""

    code = "document_twice"
    message = _("This document is on record already.")
