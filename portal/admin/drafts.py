"""What is being written: records with changes nobody has published, newest first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin

from portal.registry.dashboard import DashboardList, DashboardRow
from portal.templatetags.portal_format import org_moment

SHOWN = 6


def unpublished(model: type[DraftStateMixin]) -> QuerySet[Any]:
    """Return the records of ``model`` that were never published, or were changed since, newest first."""
    waiting = model.objects.filter(Q(live=False) | Q(has_unpublished_changes=True), latest_revision__isnull=False)
    return waiting.select_related("latest_revision__user").order_by("-latest_revision__created_at")


def drafts_list(user: Any, models: Sequence[type[Model]]) -> DashboardList | None:
    """Return the drafts of these models the user may change."""
    rows: list[tuple[Any, DashboardRow]] = []
    for model in models:
        if not user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
            continue
        for record in unpublished(model)[:SHOWN]:
            revision = record.latest_revision
            author = revision.user.name if revision.user else ""
            facts = (model._meta.verbose_name, author, org_moment(revision.created_at))
            note = " · ".join(str(fact) for fact in facts if fact)
            rows.append((revision.created_at, DashboardRow(str(record), edit_url(record), note)))
    rows.sort(key=lambda row: row[0], reverse=True)
    return DashboardList(_("Drafts"), [row for _moment, row in rows[:SHOWN]], "doc-empty") if rows else None


def edit_url(snippet: Model) -> str:
    """Return where a snippet is edited."""
    meta = snippet._meta
    return reverse(f"wagtailsnippets_{meta.app_label}_{meta.model_name}:edit", args=[snippet.pk])
