"""The first page of the editing area."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.admin.ui.components import Component

from portal.enums import Role
from portal.models.jobs import JobState
from portal.models.search_outbox import SearchOutbox
from portal.operations.jobs import late_jobs
from portal.registry.dashboard import DashboardList, DashboardRow, dashboard_lists
from portal.templatetags.portal_format import org_moment

SHOWN = 6
FAILED_WITHIN = dt.timedelta(days=30)


class ListPanel(Component):
    """A list of the dashboard as Wagtail draws panels."""

    template_name = "portal/admin/dashboard_list.html"
    order = 50

    def __init__(self, found: DashboardList) -> None:
        self.found = found

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the list."""
        return {"list": self.found}


def dashboard_panels(request: HttpRequest) -> list[ListPanel]:
    """Return the panels for this reader."""
    return [ListPanel(found) for found in dashboard_lists(request)]


def broken_jobs(request: HttpRequest) -> DashboardList | None:
    """Return what failed or is late, for administrators: regular jobs, tasks of the last month, records not indexed."""
    if not request.user.has_role(Role.ADMINISTRATOR):
        return None
    late = set(late_jobs())
    failed = JobState.objects.exclude(error="")
    rows = [
        DashboardRow(job.name, "", f"{job.error.splitlines()[-1][:160]} · {org_moment(job.finished_at)}")
        for job in failed
    ]
    since = timezone.now() - FAILED_WITHIN
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gte=since).order_by("-finished_at")
    rows += [
        DashboardRow(
            task.task_path.rpartition(".")[2], "", f"{task.exception_class_path} · {org_moment(task.finished_at)}"
        )
        for task in tasks[:SHOWN]
    ]
    if unindexed := SearchOutbox.objects.exclude(error="").count():
        rows.append(DashboardRow(_("Search"), "", _("%(count)d records could not be indexed") % {"count": unindexed}))
    known = {job.name for job in failed}
    rows += [DashboardRow(name, "", _("late")) for name in sorted(late - known)]
    return DashboardList(_("Broken"), rows[:SHOWN], "warning", is_alarm=True) if rows else None
