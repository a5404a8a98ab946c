"""Publish what has drafts: under a lock, with the rules of the record and a revision of it."""

from typing import Any, TypeVar

from django.db import transaction

from kb.errors import NotPublishable
from kb.models import Bulletin, DiagnosisGuide, FaultArticle

Record = TypeVar("Record", FaultArticle, DiagnosisGuide, Bulletin)


@transaction.atomic
def publish(record: Record, *, actor: Any = None) -> Record:
    """Publish ``record`` as it is in memory (with its rows), keeping a revision of it.

    Publishing reports back through Wagtail's ``published`` signal, where the act is recorded: so it is, however a
    record was published.

    Raises:
        NotPublishable: what it lacks.
    """
    type(record).objects.select_for_update().filter(pk=record.pk).first()
    if found := record.shortfalls():
        raise NotPublishable(record.title, found)
    record.full_clean()
    revision = record.save_revision(user=actor, clean=False)
    revision.publish(user=actor, skip_permission_checks=True)
    record.refresh_from_db()
    return record
