"""Load demo field cases through the verbs (idempotent)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction

from kb.cases import domain
from kb.cases.articles import draft_article
from kb.faults.domain import publish_fault
from kb.models import FieldCase
from portal.models import EquipmentModel, Person
from portal.registry.demo import data

#: A case is told from another by a token made of its key, so that loading twice adds nothing.
NAMESPACE = uuid.UUID("6f1c3d0e-7a55-4a37-9a3c-1d2f6a0b4c11")

ACTS: dict[str, Callable[[FieldCase, Person, list[str]], FieldCase]] = {
    "take": lambda case, actor, words: domain.take_over(case, actor),
    "ask": lambda case, actor, words: domain.ask_back(case, actor, words[0]),
    "up": lambda case, actor, words: domain.pass_up(case, actor, words[0]),
    "answer": lambda case, actor, words: domain.answer(case, actor, words[0], cause=words[1]),
    "close": lambda case, actor, words: domain.close(case, actor),
}


@transaction.atomic
def load_cases() -> dict[str, int]:
    """Load cases.json with what was done about each; a case that is there already is left alone."""
    people = {person.staff_number: person for person in Person.objects.all()}
    added = 0
    for row in data("cases")["cases"]:
        token = uuid.uuid5(NAMESPACE, row["key"])
        if FieldCase.objects.filter(token=token).exists():
            continue
        _load(row, token, people)
        added += 1
    return {"field cases": added}


def _load(row: dict[str, Any], token: uuid.UUID, people: dict[str, Person]) -> None:
    facts = {name: row[name] for name in ("title", "serial", "severity", "symptom", "tried")}
    equipment = EquipmentModel.objects.get(code=row["equipment"])
    case = domain.report_case(people[row["reporter"]], token=token, equipment=equipment, **facts)
    for act, actor, *words in row["acts"]:
        case = ACTS[act](case, people[actor], words)
    if writer := row.get("article_by"):
        publish_fault(draft_article(case, people[writer]))
