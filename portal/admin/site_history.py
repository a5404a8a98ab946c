"""Wagtail's site history and record history, limited to entries by and about records in the reader's sight."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.access.narrowing import sees_everything
from portal.access.sight import people_in_sight
from portal.registry.sight import out_of_sight, seen_rows


def _narrowed(entries: QuerySet, user: Any) -> QuerySet:
    if sees_everything(user):
        return entries
    seen = people_in_sight(user).order_by().values("pk")
    entries = entries.filter(Q(user__isnull=True) | Q(user__in=seen))
    if entries.model is ModelLogEntry:
        for model in seen_rows:
            kind = ContentType.objects.get_for_model(model)
            keys = out_of_sight(model, user).annotate(key=Cast("pk", CharField())).values("key")
            entries = entries.exclude(content_type=kind, object_id__in=keys)
    return entries


def narrow_site_history() -> None:
    """Narrow what Wagtail's log managers give: its report on the site's history and the choices of its filters."""
    for manager in (ModelLogEntry.objects, PageLogEntry.objects):
        _narrow_manager(type(manager))


def _narrow_manager(manager: type) -> None:
    everything = manager.viewable_by_user
    if getattr(everything, "is_narrowed", False):
        return

    def viewable_by_user(self: Any, user: Any) -> QuerySet:
        return _narrowed(everything(self, user), user)

    viewable_by_user.is_narrowed = True
    manager.viewable_by_user = viewable_by_user
