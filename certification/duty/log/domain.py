"""Keep what the gate was asked and what it answered."""

import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.utils import timezone

from certification.enums import AskedFrom
from certification.models import DutyInquiry
from portal.models import Person
from portal.registry.duty import DutyAnswer

logger = logging.getLogger(__name__)
_FIELDS = [field for field in DutyInquiry._meta.local_concrete_fields if not field.primary_key]


def keep_inquiries(asker: Person, asked_from: AskedFrom, answers: Iterable[DutyAnswer]) -> int:
    """Keep the questions somebody asked with their answers, in one statement; return how many were kept.

    An answer is worth more than its record: where the storage cannot be written, this is logged and nothing is raised.
    """
    given = list(answers)
    if not given:
        return 0
    together = uuid.uuid4() if len(given) > 1 else None
    rows = [_inquiry(asker, asked_from, together, answer) for answer in given]
    try:
        _insert(rows)
    except (DatabaseError, InterfaceError):
        logger.exception("%d answers of the duty gate were given and could not be kept", len(rows))
        return 0
    return len(rows)


def facts_of(answer: DutyAnswer) -> dict[str, Any]:
    """Return what of an answer is kept, and compared when the question is asked again."""
    return {
        "is_allowed": answer.allowed,
        "is_overridden": answer.is_overridden,
        "codes": [reason.code for reason in answer.reasons],
        "certificates": [item["number"] or item["scheme"] for item in answer.certificates],
    }


def _inquiry(asker: Person, asked_from: AskedFrom, together: uuid.UUID | None, answer: DutyAnswer) -> DutyInquiry:
    return DutyInquiry(
        asked_by_id=asker.pk,
        asked_from=asked_from.value,
        asked_together=together,
        person_id=answer.person.pk,
        equipment_id=answer.equipment.pk if answer.equipment else None,
        position_id=answer.position.pk if answer.position else None,
        task=answer.task.value if answer.task else "",
        on=answer.on,
        known_at=answer.known_at,
        recorded_at=timezone.now(),
        **facts_of(answer),
    )


def _insert(rows: Sequence[DutyInquiry]) -> None:
    """Add the rows by one statement, prepared once; ``bulk_create`` would take one for every seventy on SQLite."""
    using = router.db_for_write(DutyInquiry)
    connection = connections[using]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in _FIELDS)
    places = ", ".join(["%s"] * len(_FIELDS))
    statement = f"INSERT INTO {quoted(DutyInquiry._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in _FIELDS] for row in rows]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.executemany(statement, values)
