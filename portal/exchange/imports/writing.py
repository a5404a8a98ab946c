"""Write the rows of an accepted import, all or none."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.access import audit
from portal.acting import acting
from portal.enums import ImportState
from portal.exchange.imports.columns import rows_below
from portal.exchange.imports.errors import ChangedMeanwhile, RowRefused
from portal.exchange.imports.judging import chosen_of, kind_of, sheets_of, verdict_on
from portal.models import ImportRun
from portal.registry.imports import Desk, Made, Outcome, TableRow


@transaction.atomic
def write_rows(run: ImportRun) -> ImportRun:
    """Write the rows that add or change something, all or none.

    Raises:
        ChangedMeanwhile: a row would no longer do what was shown.
        RowRefused: a row cannot be written.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state == ImportState.ACCEPTED:
        return run
    kind = kind_of(run)
    shown = {line.number: line for line in run.lines.all()}
    rows = rows_below(sheets_of(run), chosen_of(run))
    desk = kind.desk(run.created_by, [row for row, _faults in rows], run.options)
    # All are judged before any is written: what the first rows write is not what the later ones were shown beside.
    due = []
    for row, faults in rows:
        line = shown.get(row.number)
        verdict = verdict_on(kind, desk, row, faults, line.answer if line else "")
        changes = [list(map(str, change)) for change in verdict.changes]
        if line is None or verdict.outcome != line.outcome or changes != line.changes:
            raise ChangedMeanwhile(row=row.number)
        if verdict.outcome in (Outcome.ADD, Outcome.CHANGE):
            due.append((row, line.answer))
    # In the background no request says who acts.
    with acting(run.created_by):
        made = [each for row, answer in due for each in _written(desk, row, answer)]
    run.made = [{"model": each.model, "pk": each.pk, "fields": dict(each.fields)} for each in made]
    run.state, run.accepted_at, run.error = ImportState.ACCEPTED, timezone.now(), ""
    run.save(update_fields=["made", "state", "accepted_at", "error"])
    audit.record("portal.import_accepted", run, actor=run.created_by, kind=run.kind, records=len(made))
    return run


def _written(desk: Desk, row: TableRow, answer: str) -> list[Made]:
    try:
        with transaction.atomic():
            return desk.write(row, answer)
    except ValidationError as error:
        raise RowRefused(row=row.number, reason="; ".join(error.messages)) from error
    except IntegrityError as error:
        raise ChangedMeanwhile(row=row.number) from error
