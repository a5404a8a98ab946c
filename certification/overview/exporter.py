"""Columns of the exported skills matrix."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from certification.models import Scheme
from certification.overview.matrix import Cell, matrix_rows
from portal.exchange.exports import Table
from portal.models import Person


def matrix_table(people: Sequence[Person], schemes: Sequence[Scheme]) -> Table:
    """Return people × schemes: standing and last day of each qualification held today."""
    columns = [_("Staff number"), _("Name"), _("Organisation"), *(scheme.name for scheme in schemes)]
    rows = (
        [row.person.staff_number, row.person.name, row.person.place_names, *map(_shown, row.cells)]
        for row in matrix_rows(people, schemes)
    )
    return Table(_("Skills matrix"), columns, rows)


def _shown(cell: Cell) -> str:
    if cell.is_empty:
        return ""
    return f"{cell.label} {cell.where.valid_to}" if cell.where.valid_to else cell.label
