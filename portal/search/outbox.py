"""What changed goes into one outbox, in the transaction of the change; one writer works it off.

Signals and `backend.add` end here and nowhere else. Nothing is written into an index in a request.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend
from modelsearch.index import class_is_indexed
from wagtail.signals import post_page_move

from portal.models import OutboxAction, SearchOutbox

from .sources import sources, sources_for

#: How long a row may wait before the worker is asked again.
PATIENCE = timedelta(seconds=30)


def enqueue(instances: Iterable[Model], action: OutboxAction = OutboxAction.SAVED) -> None:
    """Note that records changed, and have them written once the transaction commits.

    Args:
        instances: records whose documents must be made again (or deleted).
        action: what happened to them.
    """
    rows = [
        SearchOutbox(model_label=type(instance)._meta.label_lower, object_pk=str(instance.pk), action=action)
        for instance in instances
    ]
    if not rows:
        return
    first = SearchOutbox.objects.bulk_create(rows)[0].pk
    transaction.on_commit(partial(request_writing, first))


def request_writing(first: int) -> None:
    """Ask the background worker to work the outbox off.

    Whoever put an older row there that still waits has asked already, and the worker looks again until nothing
    waits. Only when that row is old is the worker presumed dead and another task queued.

    Args:
        first: the oldest row of the transaction just committed.
    """
    from .writing import write_changes_task

    oldest = SearchOutbox.objects.waiting().first()
    if oldest is None:
        return
    if runs_at_once() or oldest.pk >= first or oldest.created_at < timezone.now() - PATIENCE:
        write_changes_task.enqueue()


def runs_at_once() -> bool:
    """Return whether tasks are run where they are queued, so that nobody else will see to older rows."""
    return isinstance(task_backends["default"], ImmediateBackend)


def connect() -> None:
    """Listen to every model; which ones matter is looked up, as apps register sources later."""
    post_save.connect(_saved, dispatch_uid="portal.search.outbox")
    post_delete.connect(_deleted, dispatch_uid="portal.search.outbox")
    m2m_changed.connect(_relations_changed, dispatch_uid="portal.search.outbox")
    post_page_move.connect(_page_moved, dispatch_uid="portal.search.outbox")


def _saved(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        enqueue(_concerned(sender, instance))


def _deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    concerned = list(_concerned(sender, instance))
    enqueue((record for record in concerned if record is instance), OutboxAction.DELETED)
    enqueue(record for record in concerned if record is not instance)


def _relations_changed(sender: type[Model], instance: Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        enqueue(_concerned(type(instance), instance))


def _page_moved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """A move changes the paths of the whole subtree and sends no other signal for it."""
    enqueue(page for page in instance.get_descendants(inclusive=True).specific(defer=True))


def _concerned(sender: type[Model], instance: Model) -> Iterator[Model]:
    """Yield the records whose documents depend on `instance`, itself first if it is one."""
    if _is_searched(sender):
        yield instance
    for source in sources():
        for model, reach in source.related.items():
            if issubclass(sender, model):
                record = reach(instance)
                if record is not None and record.pk is not None:
                    yield record


def _is_searched(model: type[Model]) -> bool:
    if sources_for(model):
        return True
    return bool(class_is_indexed(model)) and getattr(model, "search_auto_update", True)
