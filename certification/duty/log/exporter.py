"""Columns of the exported record of questions to the gate."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certification.duty.log.wording import reason_words
from certification.enums import AskedFrom
from certification.models import DutyInquiry
from portal.enums import Task
from portal.exchange.exports import Table, Toned
from portal.registry.duty import STATE_TONES, STATES, state_words


def inquiries_table(rows: QuerySet[DutyInquiry]) -> Table:
    """Return the questions with their answers, as they were recorded."""
    columns = [
        _("Number"),
        _("Asked at"),
        _("Asked by"),
        _("Asked from"),
        _("Staff number"),
        _("Name"),
        _("Equipment"),
        _("Task"),
        _("Position"),
        _("Day of work"),
        _("As known at"),
        _("Answer of the gate"),
        _("Reasons"),
        _("Reason codes"),
        _("Certificates"),
    ]
    legend = [(STATE_TONES[state], state_words(state)) for state in STATES]
    found = (_row(row) for row in rows.iterator(chunk_size=2000))
    return Table(_("Questions to the duty gate"), columns, found, legend)


def _row(row: DutyInquiry) -> list[object]:
    return [
        row.pk,
        row.recorded_at,
        str(row.asked_by),
        AskedFrom(row.asked_from),
        row.person.staff_number,
        row.person.name,
        row.equipment.name if row.equipment else "",
        Task(row.task) if row.task else "",
        str(row.position) if row.position else "",
        row.on,
        row.known_at,
        Toned(state_words(row.state), STATE_TONES[row.state]),
        reason_words(row.codes),
        row.codes,
        row.certificates,
    ]
