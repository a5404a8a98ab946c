"""Transactional outbox of changed records, filled by signals and written to the indexes by one worker.

Signals and `backend.add` end here and nowhere else. Nothing is written into an index in a request, and of records
that are many (all that name a category) only the keys are read.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.utils import timezone
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend
from modelsearch.index import class_is_indexed
from wagtail.signals import page_slug_changed, post_page_move

from portal.models import OutboxAction, SearchOutbox
from portal.registry.search import sources, sources_for
from portal.search.indexing.writer import write_changes_task

#: How long a row may wait before the worker is asked again.
PATIENCE = timedelta(seconds=30)
#: A record by the label of its model, in lower case, and its primary key.
Changed = tuple[str, Any]


def enqueue(instances: Iterable[Model], action: OutboxAction = OutboxAction.SAVED) -> None:
    """Note that records changed, and have them written once the transaction commits.

    Args:
        instances: records whose documents must be made again (or deleted).
        action: what happened to them.
    """
    _note(_keys(instances), action)


def _note(changed: Iterable[Changed], action: OutboxAction = OutboxAction.SAVED) -> None:
    rows = [SearchOutbox(model_label=label, object_pk=str(pk), action=action) for label, pk in dict.fromkeys(changed)]
    if not rows:
        return
    first = SearchOutbox.objects.bulk_create(rows)[0].pk
    transaction.on_commit(partial(request_writing, first))


def _keys(records: Iterable[Model]) -> Iterator[Changed]:
    if isinstance(records, QuerySet):
        label = records.model._meta.label_lower
        yield from ((label, pk) for pk in records.order_by().values_list("pk", flat=True))
    else:
        yield from ((_label(record), record.pk) for record in records if record.pk is not None)


def _label(record: Model) -> str:
    """A page may have been read as a bare `Page`; its documents are those of its own type."""
    return (getattr(record, "specific_class", None) or type(record))._meta.label_lower


def request_writing(first: int) -> None:
    """Ask the background worker to work the outbox off.

    Whoever put an older row there that still waits has asked already, and the worker looks again until nothing
    waits. Only when that row is old is the worker presumed dead and another task queued.

    Args:
        first: the oldest row of the transaction just committed.
    """
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
    post_save.connect(_saved, dispatch_uid="portal.search.indexing.outbox")
    pre_delete.connect(_going, dispatch_uid="portal.search.indexing.outbox")
    post_delete.connect(_deleted, dispatch_uid="portal.search.indexing.outbox")
    m2m_changed.connect(_relations_changed, dispatch_uid="portal.search.indexing.outbox")
    post_page_move.connect(_subtree_changed, dispatch_uid="portal.search.indexing.outbox")
    page_slug_changed.connect(_subtree_changed, dispatch_uid="portal.search.indexing.outbox")


def _saved(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _note([*_itself(sender, instance), *_dependent(sender, instance)])


def _going(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Once it is deleted, what depended on it cannot be reached any more."""
    _note(_dependent(sender, instance))


def _deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    _note(_itself(sender, instance), OutboxAction.DELETED)


def _relations_changed(
    sender: type[Model],
    instance: Model,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    """Note both ends of a many-to-many relation; those of one that is cleared while they are still known."""
    if action == "pre_clear":
        _note(_far_ends(sender, instance, reverse, model))
    elif action.startswith("post_"):
        near = type(instance)
        far = [(model._meta.label_lower, pk) for pk in pk_set or ()] if _is_searched(model) else []
        _note([*_itself(near, instance), *_dependent(near, instance), *far])


def _far_ends(through: type[Model], instance: Model, reverse: bool, model: type[Model]) -> Iterable[Changed]:
    if not _is_searched(model):
        return ()
    holder = model if reverse else type(instance)
    relation = next((field for field in holder._meta.many_to_many if field.remote_field.through is through), None)
    if relation is None:
        return ()
    name = relation.remote_field.get_accessor_name() if reverse else relation.name
    return _keys(getattr(instance, name).all()) if name else ()


def _subtree_changed(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """A move or another slug changes the addresses of the whole subtree and sends no other signal for it."""
    pages = instance.get_descendants(inclusive=True).order_by()
    rows = pages.values_list("content_type__app_label", "content_type__model", "pk")
    _note((f"{app}.{model}", pk) for app, model, pk in rows)


def _itself(sender: type[Model], instance: Model) -> Iterable[Changed]:
    return _keys([instance]) if _is_searched(sender) else ()


def _dependent(sender: type[Model], instance: Model) -> Iterator[Changed]:
    """Yield the records whose documents depend on `instance`."""
    for source in sources():
        for model, reach in source.related.items():
            if issubclass(sender, model):
                yield from _keys(reach(instance))


def _is_searched(model: type[Model]) -> bool:
    if sources_for(model):
        return True
    return bool(class_is_indexed(model)) and getattr(model, "search_auto_update", True)
