"""Load demo handling records (idempotent). The gate's answers of past days are asked, not invented."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.handling.domain import correct_record, record_work
from kb.models import FaultArticle, HandlingRecord
from portal.models import EquipmentUnit, Person
from portal.registry.demo import data

#: A record is told from another by a token made of its key, so that loading twice adds nothing.
NAMESPACE = uuid.UUID("4c0b5f0e-20b7-4a39-8f51-9a6a1b0d7e22")


@transaction.atomic
def load_records() -> dict[str, int]:
    """Load records.json with its corrections; a record that is there already is left alone."""
    rows = data("records")["records"]
    units = EquipmentUnit.objects.select_related("model__category").in_bulk(field_name="serial")
    people = Person.objects.in_bulk(field_name="staff_number")
    articles = FaultArticle.objects.in_bulk(field_name="number")
    added = 0
    for row in rows:
        token = uuid.uuid5(NAMESPACE, row["key"])
        if HandlingRecord.objects.filter(token=token).exists():
            continue
        facts = _facts(row) | {"article": articles.get(row.get("article", ""))}
        record = record_work(units[row["unit"]], people[row["person"]], token=token, **facts)
        if fix := row.get("correction"):
            changed = facts | fix["facts"]
            by, further = people[row["person"]], uuid.uuid5(NAMESPACE, f"{row['key']}-corrected")
            correct_record(record, reason=fix["reason"], by=by, token=further, **changed)
        added += 1
    return {"handling records": added}


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    day = timezone.localdate() - dt.timedelta(days=row["days_ago"])
    return {"day": day, "parts": row.get("parts", "")} | {
        name: row[name] for name in ("task", "found", "done", "minutes")
    }
