"""Load demo bulletins through the verbs (idempotent)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.bulletins.domain import confirm, publish_bulletin
from kb.bulletins.queries import current_issue
from kb.models import Bulletin
from portal.models import EquipmentCategory, EquipmentModel, Organisation, Person
from portal.registry.demo import data


@transaction.atomic
def load_bulletins() -> dict[str, int]:
    """Load bulletins.json with who has confirmed; a bulletin that is there already is left alone."""
    present = set(Bulletin.objects.values_list("number", flat=True))
    rows = [row for row in data("bulletins")["bulletins"] if row["number"] not in present]
    people = Person.objects.in_bulk(field_name="staff_number")
    for row in rows:
        bulletin = publish_bulletin(_bulletin(row))
        issue = current_issue(bulletin)
        for number in row["confirmed"]:
            confirm(issue, people[number])
    return {"bulletins": len(rows)}


def _bulletin(row: dict[str, Any]) -> Bulletin:
    today = timezone.localdate()
    begin = today - dt.timedelta(days=row["from_days_ago"])
    facts = {name: row[name] for name in ("number", "kind", "title", "summary", "audience")}
    bulletin = Bulletin(
        **facts,
        live=False,
        aliases="\n".join(row["aliases"]),
        category=EquipmentCategory.objects.filter(code=row["category"]).first(),
        serial_from=row.get("serial_from", ""),
        serial_to=row.get("serial_to", ""),
        valid_from=begin,
        valid_until=begin + dt.timedelta(days=row["valid_days"]) if "valid_days" in row else None,
        read_by=today + dt.timedelta(days=row["read_in_days"]) if "read_in_days" in row else None,
        reader_roles=row["roles"],
        review_due=today + dt.timedelta(days=180),
        body=[_block(*block) for block in row["body"]],
    )
    bulletin.equipment = list(EquipmentModel.objects.filter(code__in=row["models"]))
    bulletin.places = list(Organisation.objects.filter(code__in=row["places"]))
    bulletin.save()
    return bulletin


def _block(kind: str, *values: Any) -> tuple[str, Any]:
    if kind == "safety":
        level, text = values
        return kind, {"level": level, "text": f"<p>{text}</p>"}
    if kind == "table":
        return kind, {"data": values[0], "first_row_is_table_header": True, "first_col_is_header": False}
    return kind, values[0]
