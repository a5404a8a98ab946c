"""Panels of the admin's first page: drafts and what broke; apps add their own by Wagtail's hook."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.models import DraftStateMixin
from wagtail.snippets.models import get_snippet_models

from portal.models.jobs import JobState
from portal.models.search_outbox import SearchOutbox
from portal.registry.sight import in_sight

#: Lines of a panel.
SHOWN = 8
#: Days that searches and failures are looked at.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a panel.

    Args:
        text: what it is.
        url: where it is mended; empty where nobody can.
        note: a day, a number or a reason.
    """

    text: str | Promise
    url: str = ""
    note: str | Promise = ""


class ListPanel(Component):
    """A panel that lists what waits; without any it says so.

    Args:
        title: of the panel.
        rows: return at most so many lines.
        order: place among the panels.
    """

    template_name = "portal/admin/list_panel.html"

    def __init__(self, title: str | Promise, rows: Callable[[int], list[Row]], order: int) -> None:
        self.title, self._rows, self.order = title, rows, order

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the title and the lines."""
        return {"title": self.title, "rows": self._rows(SHOWN), "panel_id": f"portal-panel-{self.order}"}


def draft_rows(person: Any, limit: int) -> list[Row]:
    """Return records with changes that are not published, which the person may change, the newest first."""
    finder = AdminURLFinder(person)
    drafts: list[tuple[dt.datetime, Row]] = []
    for model in get_snippet_models():
        if not issubclass(model, DraftStateMixin):
            continue
        if not person.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
            continue
        waiting = in_sight(model._default_manager.filter(has_unpublished_changes=True), person)
        for record in waiting.select_related("latest_revision").order_by(F("latest_revision__created_at").desc())[
            :limit
        ]:
            url = finder.get_edit_url(record)
            if url and record.latest_revision is not None:
                drafts.append((record.latest_revision.created_at, Row(str(record), url, model._meta.verbose_name)))
    return [row for _moment, row in sorted(drafts, key=lambda draft: draft[0], reverse=True)[:limit]]


def broken_rows(limit: int) -> list[Row]:
    """Return regular jobs that failed, tasks that failed lately, and records that could not be indexed."""
    since = timezone.now() - dt.timedelta(days=DAYS)
    failing = Q(succeeded_at=None) | Q(succeeded_at__lt=F("finished_at"))
    rows = [
        Row(_("Regular job: %(name)s") % {"name": job.name}, "", job.error[:120])
        for job in JobState.objects.exclude(error="").filter(failing)[:limit]
    ]
    failed = DBTaskResult.objects.filter(status="FAILED", finished_at__gte=since)
    rows += [
        Row(_("Task: %(name)s") % {"name": task.task_path.rpartition(".")[2]}, "", task.exception_class_path)
        for task in failed.order_by("-finished_at")[:limit]
    ]
    unindexed = SearchOutbox.objects.exclude(error="").count()
    if unindexed:
        rows.append(Row(_("%(count)d records could not be indexed for search") % {"count": unindexed}))
    return rows[:limit]


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panels the person may see."""
    person = request.user
    panels.append(ListPanel(gettext_lazy("Drafts that wait"), lambda limit: draft_rows(person, limit), order=110))
    if person.has_perm("portal.view_searchrecord"):
        panels.append(ListPanel(gettext_lazy("What broke"), broken_rows, order=140))
