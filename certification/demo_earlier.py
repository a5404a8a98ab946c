"""Take over what the demo's people had shown before the portal, and name their guides (idempotent)."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.enums import TakenOverKind
from certification.guidance.domain import approve_guidance
from certification.models import Guidance, Scheme, TakenOver
from certification.takeover.contradictions import Facts
from certification.takeover.domain import take_over
from certification.takeover.imports import SUBJECTS
from portal.enums import Role
from portal.models import Person
from portal.registry.demo import data


@transaction.atomic
def load_earlier() -> dict[str, int]:
    """Record the earlier certificates, papers, practicals and hours, as the administrator of the demo."""
    administrator = Person.objects.filter(groups__name=Role.ADMINISTRATOR).order_by("staff_number").first()
    people = {person.staff_number: person for person in Person.objects.select_related("organisation")}
    added = 0
    for row in data("earlier")["records"]:
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"demo:earlier:{row['kind']}:{row['person']}:{row['subject']}")
        if administrator is None or row["person"] not in people or TakenOver.objects.filter(form_key=key).exists():
            continue
        take_over(administrator, _facts(row, people), form_key=key)
        added += 1
    return {"taken_over": added}


def _facts(row: dict[str, Any], people: dict[str, Person]) -> Facts:
    kind, today = TakenOverKind(row["kind"]), timezone.localdate()
    every, _names = SUBJECTS[kind]
    ends = row.get("valid_in_days")
    return Facts(
        kind,
        people[row["person"]],
        every().get(code=row["subject"]),
        today - dt.timedelta(days=row["days_ago"]),
        people[row["vouched_by"]],
        until=None if ends is None else today + dt.timedelta(days=ends),
        number=row.get("number", ""),
        score=row.get("score"),
        minutes=row.get("minutes"),
        examiner=row.get("examiner", ""),
    )


@transaction.atomic
def load_guidance() -> dict[str, int]:
    """Name the guides of the demo's learners, as the manager of their branch or the administrator."""
    administrator = Person.objects.filter(groups__name=Role.ADMINISTRATOR).order_by("staff_number").first()
    people = {person.staff_number: person for person in Person.objects.select_related("organisation")}
    added, today = 0, timezone.localdate()
    for row in data("guidance")["guidance"]:
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"demo:guidance:{row['learner']}:{row['guide']}:{row['scheme']}")
        if administrator is None or Guidance.objects.filter(form_key=key).exists():
            continue
        first = today - dt.timedelta(days=row["days_ago"])
        approve_guidance(
            administrator,
            people[row["learner"]],
            people[row["guide"]],
            Scheme.objects.get(code=row["scheme"]),
            starts_on=first,
            ends_on=first + dt.timedelta(days=row["for_days"]),
            limits=row["limits"],
            form_key=key,
        )
        added += 1
    return {"guidances": added}
