"""Export the list of statutory cards as .xlsx."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from certification.models import StatutoryCertificate
from portal.exchange.spreadsheets import write_workbook


def cards_workbook(cards: Iterable[StatutoryCertificate], on: dt.date) -> bytes:
    """Return the cards as an .xlsx, their states those of ``on``."""
    columns = [
        _("Staff number"),
        _("Name"),
        _("Organisation"),
        _("Kind of card"),
        _("Project code"),
        _("Number"),
        _("Issued by"),
        _("First issued on"),
        _("Valid from"),
        _("Valid until"),
        _("Re-examination due"),
        _("State"),
        _("Verified by"),
    ]
    return write_workbook(_("Statutory certificates"), columns, (_row(card, on) for card in cards))


def _row(card: StatutoryCertificate, on: dt.date) -> list[Any]:
    return [
        card.person.staff_number,
        card.person.name,
        card.person.place_names,
        card.kind.name,
        card.project_code,
        card.number,
        card.issuer,
        card.first_issued_on,
        card.valid_from,
        card.valid_to,
        card.review_due,
        str(card.state_on(on).label),
        card.verified_by.name if card.verified_by else "",
    ]
