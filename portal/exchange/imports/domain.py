"""Start, answer, accept, undo and discard imports."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.access import audit
from portal.acting import acting
from portal.enums import ImportState
from portal.errors import NotAllowed
from portal.exchange.imports.columns import Chosen
from portal.exchange.imports.errors import ColumnsMissing, ImportNotReady, RowsOpen
from portal.exchange.imports.judging import kind_of, prepare
from portal.exchange.imports.tasks import read_import, write_import
from portal.exchange.imports.undoing import take_back
from portal.exchange.imports.writing import write_rows
from portal.models import ImportRun, Person
from portal.registry.imports import ImportKind, Outcome

OPEN = (ImportState.READING, ImportState.COLUMNS, ImportState.PREVIEW)
#: A file larger than this, in bytes, is read in the background; a table of 500 rows is about as large.
AT_ONCE = 40_000


@transaction.atomic
def start_import(
    kind: ImportKind, content: bytes, *, by: Person, file_name: str = "", options: Mapping[str, Any] | None = None
) -> ImportRun:
    """Put a file or pasted cells (in UTF-8) on the desk. The same content sent twice is one import while it is open.

    Small ones are read at once, larger ones in the background.

    Raises:
        NotAllowed: ``by`` may not import this.
    """
    if not kind.may_use(by):
        raise NotAllowed
    digest = hashlib.sha256(content).hexdigest()
    same = ImportRun.objects.filter(created_by=by, kind=kind.key, digest=digest, state__in=OPEN)
    if (found := same.filter(options=dict(options or {})).first()) is not None:
        return found
    run = ImportRun.objects.create(
        kind=kind.key,
        content=content,
        digest=digest,
        file_name=file_name[:255],
        created_by=by,
        options=dict(options or {}),
    )
    audit.record("portal.import_started", run, actor=by, kind=kind.key, file=file_name[:255], digest=digest)
    _read(run)
    return run


def _read(run: ImportRun) -> None:
    if len(run.content) > AT_ONCE:
        transaction.on_commit(partial(read_import.enqueue, run.pk))
    else:
        prepare(run)


def _locked(run: ImportRun, by: Person, *states: str) -> ImportRun:
    """Return the import, held until the transaction ends.

    Raises:
        NotAllowed: it is somebody else's, or ``by`` may no longer import this.
        ImportNotReady: it is in none of ``states``.
    """
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.created_by_id != by.pk or not kind_of(locked).may_use(by):
        raise NotAllowed
    if states and locked.state not in states:
        raise ImportNotReady(state=locked.get_state_display())
    return locked


@transaction.atomic
def name_columns(run: ImportRun, chosen: Chosen, *, by: Person) -> ImportRun:
    """Read the table with these columns and judge its rows again.

    Raises:
        ColumnsMissing: one that is needed is not named.
        ImportNotReady: it was accepted or discarded.
    """
    run = _locked(run, by, ImportState.COLUMNS, ImportState.PREVIEW)
    if missing := chosen.missing(kind_of(run).columns):
        raise ColumnsMissing(columns="、".join(str(column.label) for column in missing))
    run.chosen, run.state = chosen.as_data(), ImportState.READING
    run.save(update_fields=["chosen", "state"])
    _read(run)
    return run


@transaction.atomic
def answer_rows(run: ImportRun, answers: Mapping[int, str], *, by: Person) -> ImportRun:
    """Keep what the operator decided about rows by number, and judge again; an answer that is no choice is left.

    Raises:
        ImportNotReady: it was accepted or discarded.
    """
    run = _locked(run, by, ImportState.PREVIEW)
    changed = []
    for line in run.lines.filter(number__in=answers):
        choices = {value for value, _label in line.question.get("choices", [])} | {""}
        if line.question and answers[line.number] in choices and answers[line.number] != line.answer:
            line.answer = answers[line.number]
            changed.append(line)
    if changed:
        run.lines.model.objects.bulk_update(changed, ["answer"])
        run.state = ImportState.READING
        run.save(update_fields=["state"])
        _read(run)
    return run


@transaction.atomic
def accept_import(run: ImportRun, *, by: Person, leave_out: bool = False) -> ImportRun:
    """Write what the preview shows; large ones in the background. Accepting twice writes once.

    Args:
        leave_out: rows with problems and open questions are left out instead of refused.

    Raises:
        RowsOpen: there are such rows and they are not to be left out.
        ImportNotReady: it is not at that point, or was undone.
    """
    run = _locked(run, by)
    if run.state in (ImportState.ACCEPTED, ImportState.WRITING):
        return run
    if run.state != ImportState.PREVIEW:
        raise ImportNotReady(state=run.get_state_display())
    refused = run.lines.filter(outcome=Outcome.REFUSE).count()
    asked = run.lines.filter(outcome=Outcome.ASK).count()
    if (refused or asked) and not leave_out:
        raise RowsOpen(refused=refused, asked=asked)
    if len(run.content) > AT_ONCE:
        run.state, run.error = ImportState.WRITING, ""
        run.save(update_fields=["state", "error"])
        transaction.on_commit(partial(write_import.enqueue, run.pk))
        return run
    return write_rows(run)


@transaction.atomic
def undo_import(run: ImportRun, *, by: Person) -> ImportRun:
    """Take back what an import wrote, all or nothing, as far as nothing rests on it. Undoing twice changes nothing.

    Raises:
        RestsOnIt: something stands on a record, or it was changed since.
        ImportNotReady: it was not accepted.
    """
    run = _locked(run, by, ImportState.ACCEPTED, ImportState.UNDONE)
    if run.state == ImportState.UNDONE:
        return run
    with acting(by):
        take_back(kind_of(run), run.made, by)
    run.state, run.undone_at = ImportState.UNDONE, timezone.now()
    run.save(update_fields=["state", "undone_at"])
    audit.record("portal.import_undone", run, actor=by, kind=run.kind, records=len(run.made))
    return run


@transaction.atomic
def discard_import(run: ImportRun, *, by: Person) -> ImportRun:
    """Put an import away without writing anything; the file stays on record.

    Raises:
        ImportNotReady: it was accepted.
    """
    run = _locked(run, by, *OPEN, ImportState.FAILED, ImportState.DISCARDED)
    run.state = ImportState.DISCARDED
    run.save(update_fields=["state"])
    return run
