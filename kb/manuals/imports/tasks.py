"""Background task that reads an uploaded manual."""

from django_tasks import task

from kb.manuals.imports.reading import read_import


@task()
def read_manual(pk: int) -> bool:
    """Read one document; return whether it could be read. Begun again, it reads from the beginning."""
    return read_import(pk)
