"""One transaction a writing request of the Wagtail admin, and an audit event for what its own forms write in it.

Images, documents, collections, sites, redirects and who may open collections and pages are written by views of
Wagtail's that no viewset of ours replaces. While a request writes, their records are noted before they change and
compared when the view is done, tags and groups included.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site

from portal.access import audit, changes
from portal.models import PortalDocument, PortalImage

WATCHED: tuple[type[Model], ...] = (
    PortalImage,
    PortalDocument,
    Collection,
    CollectionViewRestriction,
    PageViewRestriction,
    Site,
    Redirect,
    SearchPromotion,
)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass
class Noted:
    """A record as it was before the request wrote it; ``before`` is None for a new one."""

    record: Model
    key: Any
    before: changes.Snapshot | None
    was: str

    def is_of(self, record: Model) -> bool:
        """Whether it is the same record, also once a new one has its key."""
        same = type(self.record) is type(record) and self.record.pk is not None and self.record.pk == record.pk
        return self.record is record or same


@dataclass
class Writes:
    """What one request wrote."""

    noted: list[Noted] = field(default_factory=list)

    def note(self, record: Model) -> None:
        """Take a snapshot of ``record`` as it is stored, the first time it is written."""
        if not any(each.is_of(record) for each in self.noted):
            self.noted.append(Noted(record, record.pk, changes.stored(record), str(record)))

    def record(self, request: HttpRequest) -> None:
        """Write an audit event for each record that is different now."""
        for each in self.noted:
            model, key = type(each.record), each.key or each.record.pk
            after = changes.stored(model(pk=key)) if key is not None else None
            changed = changes.between(model, each.before, after)
            if not changed:
                continue
            verb = "added" if each.before is None else "changed" if after else "deleted"
            facts = {"was": each.was} if verb == "deleted" else {}
            label = model._meta.label_lower
            audit.record(f"{label}_{verb}", f"{label}:{key}", actor=request.user, changes=changed, **facts)


_writes: ContextVar[Writes | None] = ContextVar("writes of an admin request", default=None)


def _note(sender: Any, instance: Any, **kwargs: Any) -> None:
    writes = _writes.get()
    if writes is not None and type(instance) in WATCHED:
        writes.note(instance)


def _note_relation(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    if action.startswith("pre_"):
        _note(sender, instance)


@contextmanager
def _watching() -> Iterator[Writes]:
    writes = Writes()
    token = _writes.set(writes)
    try:
        yield writes
    finally:
        _writes.reset(token)


def stop_watching() -> None:
    """Leave the rest of this request unrecorded: who calls it records it."""
    _writes.set(None)


def in_one_transaction(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of the admin write everything or nothing, its audit events included. Previews write nothing."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match = request.resolver_match
        is_preview = match is not None and "preview" in (match.url_name or "")
        if request.method in SAFE_METHODS or is_preview:
            return view(request, *args, **kwargs)
        with transaction.atomic(), _watching() as writes:
            response = view(request, *args, **kwargs)
            if _writes.get() is writes:
                writes.record(request)
            return response

    return wrapper


def register_watching() -> None:
    """Watch the records of Wagtail's own forms; called when its hooks are loaded."""
    for model in WATCHED:
        pre_save.connect(_note, sender=model, dispatch_uid=f"writes.{model._meta.label}")
        pre_delete.connect(_note, sender=model, dispatch_uid=f"writes.{model._meta.label}")
    m2m_changed.connect(_note_relation, dispatch_uid="writes.relations")
