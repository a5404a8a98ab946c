"""Columns of the list of certificates, and which of a list can be printed."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certification.certificates.errors import NothingToPrint, TooManyPapers
from certification.certificates.verification import verify_many
from certification.enums import Standing
from certification.models import Certificate
from portal.exchange.exports import Table

# Papers in one PDF: about a minute of work.
MOST_PAPERS = 300
NOT_PRINTED = (Standing.SUSPENDED, Standing.REVOKED)


def printable(certificates: QuerySet[Certificate]) -> tuple[list[Certificate], list[Certificate]]:
    """Return the certificates of a list that are printed, by name of their holder, and those that are not.

    Raises:
        TooManyPapers: the list is longer than one PDF takes.
        NothingToPrint: none of them is printed.
    """
    found = list(certificates[: MOST_PAPERS + 1])
    if len(found) > MOST_PAPERS:
        raise TooManyPapers(count=certificates.count(), most=MOST_PAPERS)
    states = verify_many(found)
    printed = [verified.certificate for verified in states if verified.standing not in NOT_PRINTED]
    if not printed:
        raise NothingToPrint
    left_out = [verified.certificate for verified in states if verified.standing in NOT_PRINTED]
    return sorted(printed, key=lambda each: (each.person.staff_number, each.scheme.code, each.pk)), left_out


def certificates_table(certificates: Sequence[Certificate]) -> Table:
    """Return the certificates as a table, their states those of today."""
    columns = [
        _("Certificate number"),
        _("Staff number"),
        _("Name"),
        _("Organisation"),
        _("Scheme"),
        _("Issued on"),
        _("Valid until"),
        _("Score"),
        _("Training hours"),
        _("State"),
    ]
    rows = (
        [
            verified.certificate.number,
            verified.certificate.person.staff_number,
            verified.certificate.person.name,
            verified.certificate.person.place_names,
            verified.certificate.scheme.name,
            verified.valid_from,
            verified.valid_to,
            verified.certificate.score,
            round(verified.certificate.minutes / 60, 2),
            verified.standing,
        ]
        for verified in verify_many(certificates)
    )
    return Table(_("Certificates"), columns, rows)
