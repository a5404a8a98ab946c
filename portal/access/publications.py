"""Record publications in the audit log, compared with the revision published before, and withdrawals."""

from typing import Any

from django.db.models import Model
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from portal.access import audit, changes
from portal.models import AuditEvent


def record_publication(action: str, record: Model, revision: Revision, **facts: Any) -> AuditEvent:
    """Write a publication into the audit log, compared with the revision published before (named in its own event).

    Args:
        action: dotted verb such as ``kb.fault_published``.
        record: as it is published.
        revision: what was published.
        facts: further detail.
    """
    subject = f"{record._meta.label_lower}:{record.pk}"
    earlier = AuditEvent.objects.filter(action=action, subject=subject).order_by("-pk").first()
    number = earlier.detail.get("revision") if earlier else None
    before = Revision.objects.filter(pk=number, object_id=str(record.pk)).values_list("content", flat=True).first()
    changed = changes.between(type(record), before, revision.content)
    return audit.record(action, record, actor=revision.user, revision=revision.pk, changes=changed, **facts)


def record_withdrawal(action: str, record: Model, *, actor: Any = None, **facts: Any) -> AuditEvent:
    """Write into the audit log that ``record`` was taken from its readers.

    Args:
        action: dotted verb such as ``kb.fault_withdrawn``.
        actor: who did it; who acts in the editing area by default, else the system (an expiry).
        facts: further detail.
    """
    withdrawn = [{"field": "live", "old": True, "new": False}]
    who = actor or get_active_log_context().user
    return audit.record(action, record, actor=who, changes=withdrawn, **facts)
