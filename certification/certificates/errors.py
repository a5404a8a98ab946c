"""Refusals about certificates."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class UnknownCertificate(DomainError):
    """No certificate has this number, or the asker may not download it: both look the same."""

    code = "unknown_certificate"
    status = 404
    message = _("No certificate with this number was found. Check the number on the card.")


class MistypedShortNumber(UnknownCertificate):
    """A short number whose check character does not fit."""

    code = "mistyped_short_number"
    message = _(
        "One character of the short number is wrong or two are exchanged. Compare it with the card and type it again."
    )


class NobodyFinished(DomainError):
    """The session is not closed, or nobody attended their hours."""

    code = "nobody_finished"
    message = _("Nobody gets a certificate of training yet: the session is not closed, or nobody attended their hours.")


class NothingToPrint(DomainError):
    """No certificate of the list may be printed."""

    code = "nothing_to_print"
    message = _("No certificate of this list can be printed: none was found, or all are suspended or revoked.")


class TooManyPapers(DomainError):
    """More papers than one document takes."""

    code = "too_many_papers"
    status = 422
    message = _("The list has %(count)d certificates; one PDF takes %(most)d. Narrow the list and print the parts.")


class NotPrintable(DomainError):
    """A paper that would look valid and is not."""

    code = "not_printable"
    message = _("This certificate is %(standing)s and is not printed. Its public page says so too.")
