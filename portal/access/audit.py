"""Write the audit log."""

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
        detail: JSON-able facts, without secrets; ``changes`` as :mod:`portal.access.changes` gives them.
    """
    name = subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}"
    if "changes" in detail:
        detail["changes"] = [_named(change, name, detail.get("about", "")) for change in detail["changes"]]
    known = actor if getattr(actor, "is_authenticated", False) else None
    event = AuditEvent.objects.create(action=action, subject=name, actor=known, detail=detail)
    # Old and new values are read in the audit log, by whom sight lets; the service log names only the fields.
    told = {key: value for key, value in detail.items() if key != "changes"}
    fields = [change["field"] for change in detail.get("changes", [])]
    logger.info(action, subject=name, actor=getattr(known, "staff_number", None), fields=fields, **told)
    return event


def _named(change: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a change without the model it is of where the act names a record of that model already."""
    if change.get("of") in {str(name).partition(":")[0] for name in names}:
        return {key: value for key, value in change.items() if key != "of"}
    return change
