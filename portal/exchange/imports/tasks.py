"""Background tasks: reading, judging and writing large imports."""

from django_tasks import task

from portal.enums import ImportState
from portal.errors import DomainError
from portal.exchange.imports import judging, writing
from portal.models import ImportRun


@task()
def read_import(pk: int) -> None:
    """Read and judge an import that is waiting for it."""
    run = ImportRun.objects.filter(pk=pk, state=ImportState.READING).first()
    if run is None:
        return
    try:
        judging.prepare(run)
    except Exception:
        # The failure is in the task's record; whoever waits for the preview must not wait for ever.
        given_up(pk)
        raise


@task()
def write_import(pk: int) -> None:
    """Write an accepted import; what is refused puts it back into the preview, with the sentence."""
    run = ImportRun.objects.filter(pk=pk, state=ImportState.WRITING).first()
    if run is None:
        return
    try:
        writing.write_rows(run)
    except DomainError as refusal:
        run.state, run.error = ImportState.PREVIEW, str(refusal)
        run.save(update_fields=["state", "error"])
    except Exception:
        given_up(pk)
        raise


def given_up(pk: int) -> None:
    """Say that an import was lost with its worker; nothing of it was written."""
    ImportRun.objects.filter(pk=pk, state=ImportState.WRITING).update(state=ImportState.PREVIEW)
    ImportRun.objects.filter(pk=pk, state=ImportState.READING).update(state=ImportState.FAILED)
