"""Repoint citations in drafts too, so that publishing a draft does not bring back a moved citation."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import DraftStateMixin, Revision


def amend_drafts(
    model: type[DraftStateMixin], records: Collection[int], amend: Callable[[dict[str, Any]], bool]
) -> None:
    """Apply ``amend`` to the drafts of ``records``: unpublished changes, and what is scheduled to go live.

    Earlier revisions stay as they were written.

    Args:
        records: keys of the records.
        amend: changes the content of a revision; returns whether it did.
    """
    written = model._default_manager.filter(pk__in=records, has_unpublished_changes=True).values("latest_revision")
    drafts = Revision.objects.filter(
        Q(pk__in=written) | Q(approved_go_live_at__isnull=False),
        base_content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
        object_id__in=[str(record) for record in records],
    )
    amended = [draft for draft in drafts if amend(draft.content)]
    Revision.objects.bulk_update(amended, ["content"])
