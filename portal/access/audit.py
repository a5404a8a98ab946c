"""The one way to write the audit log."""

from typing import Any

import structlog
from django.db.models import Model

from portal.models import AuditEvent

logger = structlog.get_logger("portal.access.audit")


def record(action: str, subject: Model | str, *, actor: Any = None, **detail: Any) -> AuditEvent:
    """Write one act, inside the caller's transaction.

    Args:
        action: dotted verb such as ``courses.seat_booked``.
        subject: the record acted on, or a name for it.
        actor: the person; None for the system.
        detail: JSON-able facts, without secrets.
    """
    name = subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}"
    known = actor if getattr(actor, "is_authenticated", False) else None
    event = AuditEvent.objects.create(action=action, subject=name, actor=known, detail=detail)
    logger.info(action, subject=name, actor=getattr(known, "staff_number", None), **detail)
    return event
