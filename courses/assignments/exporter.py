"""What people owe as a table."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from courses.assignments.queries import Owed
from portal.exchange.exports import Table


def owed_table(title: str, rows: Iterable[Owed]) -> Table:
    """Return one row a person and assigned training."""
    columns = [_("Staff number"), _("Name"), _("Organisation"), _("Training"), _("last day"), _("State")]
    columns += [_("Minutes credited"), _("Minutes needed"), _("why")]
    return Table(title, columns, [_row(row) for row in rows])


def _row(row: Owed) -> list[Any]:
    person = row.person
    state = _("Done") if row.is_done else _("Overdue") if row.is_overdue else _("To be done")
    facts = [person.staff_number, person.name, person.place_names, row.due.title, row.due_on, state]
    return [*facts, row.credited, row.needed, row.due.reason]
