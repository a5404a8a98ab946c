"""Record in the audit log what the Wagtail admin does outside viewsets: settings, pages, bulk actions."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from portal.access import audit, changes, publications
from portal.admin.writes import register_watching, stop_watching

# Where the request keeps what records said before it.
BEFORE = "_audited_before"


def remember(request: HttpRequest, record: Model) -> None:
    """Take a snapshot of ``record`` before it is written."""
    if request.method == "POST":
        setattr(request, BEFORE, changes.stored(record))


def record_change(request: HttpRequest, record: Model) -> None:
    """Write what changed since :func:`remember` into the audit log, if anything did."""
    changed = changes.stored_since(getattr(request, BEFORE, None), record)
    if changed:
        audit.record(f"{record._meta.label_lower}_changed", record, actor=request.user, changes=changed)


def record_addition(request: HttpRequest, record: Model) -> None:
    """Write the values of a new record into the audit log."""
    added = changes.stored_since(None, record)
    audit.record(f"{record._meta.label_lower}_added", record, actor=request.user, changes=added)


def record_deletion(request: HttpRequest, record: Model) -> None:
    """Write what a record said into the audit log, before it goes."""
    if request.method == "POST":
        lost = changes.between(type(record), changes.stored(record), None)
        action = f"{record._meta.label_lower}_deleted"
        audit.record(action, record, actor=request.user, was=str(record), changes=lost)


def remember_all(request: HttpRequest, action_type: str, records: Iterable[Model], action: Any) -> None:
    """Take a snapshot of each record before a bulk action (hook ``before_bulk_action``)."""
    stop_watching()
    setattr(request, BEFORE, [(record, changes.stored(record), str(record)) for record in records])


def record_all(request: HttpRequest, action_type: str, records: Iterable[Model], action: Any) -> None:
    """Write what an action did to each of several records (hook ``after_bulk_action``, in its transaction)."""
    for record, before, was in getattr(request, BEFORE, []):
        label = record._meta.label_lower
        name = f"{label}:{before['pk']}" if before else label
        after = changes.stored(type(record)(pk=before["pk"])) if before else None
        changed = changes.between(type(record), before, after)
        verb = "changed" if after else "deleted"
        if changed:
            facts = {"was": was} if after is None else {}
            named = getattr(action, "audit_action", f"{label}_{verb}")
            audit.record(named, name, actor=request.user, changes=changed, bulk_action=action_type, **facts)


def remember_place(request: HttpRequest, page: Page, destination: Page) -> None:
    """Keep below which page ``page`` stood before it is moved (hook ``before_move_page``)."""
    if request.method == "POST":
        setattr(request, BEFORE, str(page.get_parent()))


def record_move(request: HttpRequest, page: Page) -> None:
    """Write where a page was moved to into the audit log (hook ``after_move_page``)."""
    stood = {"field": "parent", "old": getattr(request, BEFORE, None), "new": str(page.get_parent(update=True))}
    record = page.specific
    audit.record(f"{record._meta.label_lower}_changed", record, actor=request.user, changes=[stood])


def record_page_withdrawal(request: HttpRequest, page: Page) -> None:
    """Write that a page was taken from its readers into the audit log (hook ``after_unpublish_page``)."""
    publications.record_withdrawal("portal.page_withdrawn", page.specific, actor=request.user)


def record_copy(request: HttpRequest, page: Page, copy: Page) -> None:
    """Write the values of a copied page into the audit log (hook ``after_copy_page``)."""
    record_addition(request, copy.specific)


def register_recording() -> None:
    """Make Wagtail call these; called when its hooks are loaded."""
    register_watching()
    hooks.register("before_edit_setting", remember)
    hooks.register("after_edit_setting", record_change)
    hooks.register("before_edit_page", remember)
    hooks.register("after_edit_page", record_change)
    hooks.register("after_create_page", record_addition)
    hooks.register("before_delete_page", record_deletion)
    hooks.register("before_move_page", remember_place)
    hooks.register("after_move_page", record_move)
    hooks.register("after_unpublish_page", record_page_withdrawal)
    hooks.register("after_copy_page", record_copy)
    hooks.register("before_bulk_action", remember_all)
    hooks.register("after_bulk_action", record_all)
