"""Read an import's file again, and judge its rows one after another, with progress."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.enums import ImportState
from portal.exchange.imports.columns import Chosen, recognise, rows_below
from portal.exchange.imports.grid import Sheet
from portal.exchange.imports.reading import UnreadableImport, check_named, fault_text, read_plain_text, read_tables
from portal.models import ImportLine, ImportRun
from portal.registry.imports import Desk, ImportKind, Outcome, Problem, TableRow, Verdict, import_kind

#: Rows written to the database at once while judging; progress moves as often.
BATCH = 200


def kind_of(run: ImportRun) -> ImportKind:
    """Return the kind of an import.

    Raises:
        LookupError: no app registers it any more.
    """
    kind = import_kind(run.kind)
    if kind is None:
        raise LookupError(run.kind)
    return kind


def sheets_of(run: ImportRun) -> list[Sheet]:
    """Return the tables of the file.

    Raises:
        UnreadableImport: with the reason.
    """
    content, arrange = bytes(run.content), kind_of(run).arrange
    check_named(content, run.file_name)
    arranged = arrange(read_plain_text(content)) if arrange is not None else []
    return arranged or read_tables(content)


def chosen_of(run: ImportRun) -> Chosen:
    """Return how the columns are read."""
    return Chosen(**run.chosen) if run.chosen else Chosen()


def prepare(run: ImportRun) -> ImportRun:
    """Read the file, find its columns unless they were named, and judge every row; does no harm when run twice."""
    kind = kind_of(run)
    try:
        sheets = sheets_of(run)
    except UnreadableImport as refusal:
        return _saved(run, state=ImportState.FAILED, error=str(refusal))
    chosen = chosen_of(run) if run.chosen else recognise(sheets, kind.columns)
    run.chosen = chosen.as_data()
    if chosen.missing(kind.columns):
        return _saved(run, state=ImportState.COLUMNS)
    rows = rows_below(sheets, chosen)
    if not rows:
        return _saved(run, state=ImportState.FAILED, error=str(UnreadableImport("empty")))
    judge_rows(run, kind, rows)
    return _saved(run, state=ImportState.PREVIEW, error="")


def _saved(run: ImportRun, **facts: Any) -> ImportRun:
    for name, value in facts.items():
        setattr(run, name, value)
    run.save(update_fields=["chosen", "done", "total", *facts])
    return run


def judge_rows(run: ImportRun, kind: ImportKind, rows: Sequence[tuple[TableRow, dict[str, str]]]) -> None:
    """Write what every row would do; decisions the operator took stay with their rows."""
    answers = dict(run.lines.exclude(answer="").values_list("number", "answer"))
    run.lines.all().delete()
    run.done, run.total = 0, len(rows)
    run.save(update_fields=["done", "total", "chosen"])
    desk = kind.desk(run.created_by, [row for row, _faults in rows], run.options)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        with transaction.atomic():
            ImportLine.objects.bulk_create(
                _line(run, kind, desk, row, faults, answers.get(row.number, "")) for row, faults in batch
            )
            run.done = start + len(batch)
            run.save(update_fields=["done"])


def _line(
    run: ImportRun, kind: ImportKind, desk: Desk, row: TableRow, faults: dict[str, str], answer: str
) -> ImportLine:
    verdict = verdict_on(kind, desk, row, faults, answer)
    question = verdict.question
    return ImportLine(
        run=run,
        sheet=row.sheet[:120],
        number=row.number,
        values=dict(row.values),
        outcome=verdict.outcome,
        changes=[list(map(str, change)) for change in verdict.changes],
        problems=[[problem.column, str(problem.message)] for problem in verdict.problems],
        notes=[str(note) for note in verdict.notes],
        question={"message": str(question.message), "choices": [list(map(str, c)) for c in question.choices]}
        if question
        else {},
        answer=answer,
    )


def verdict_on(kind: ImportKind, desk: Desk, row: TableRow, faults: dict[str, str], answer: str) -> Verdict:
    """Return what a row would do; a cell that cannot be trusted refuses its row."""
    if faults:
        titles = {column.key: str(column.label) for column in kind.columns}
        problems = [
            Problem(
                key,
                _("“%(value)s” (%(column)s): %(fault)s")
                % {"value": row[key][:40], "column": titles[key], "fault": fault_text(code)},
            )
            for key, code in faults.items()
        ]
        return Verdict(Outcome.REFUSE, problems=problems)
    verdict = desk.judge(row, answer)
    if verdict.problems:
        verdict.outcome = Outcome.REFUSE
    elif verdict.question is not None:
        verdict.outcome = Outcome.ASK
    return verdict
