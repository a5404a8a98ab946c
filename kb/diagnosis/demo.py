"""Load demo diagnosis guides through the domain functions (idempotent)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.diagnosis.domain import publish_guide
from kb.models import DiagnosisGuide, DiagnosisStep, FaultArticle
from kb.pictures import demo as pictures
from portal.models import EquipmentCategory, EquipmentModel, StatutoryKind
from portal.registry.demo import data

#: Guides of the demo are looked through after half a year.
REVIEW = dt.timedelta(days=180)
PLAIN = ("number", "title", "symptom", "minutes", "audience")


@transaction.atomic
def load_guides() -> dict[str, int]:
    """Load guides.json; a guide that is there already is left alone."""
    added = {"guides": 0, "steps": 0}
    for row in data("guides")["guides"]:
        if DiagnosisGuide.objects.filter(number=row["number"]).exists():
            continue
        guide = DiagnosisGuide(
            **{name: row[name] for name in PLAIN},
            aliases="\n".join(row["aliases"]),
            safety="\n".join(row["safety"]),
            tools="\n".join(row["tools"]),
            category=EquipmentCategory.objects.get(code=row["category"]),
            live=False,
        )
        guide.review_due = timezone.localdate() + REVIEW
        guide.equipment = list(EquipmentModel.objects.filter(code__in=row["models"]))
        guide.steps = [_step(row["number"], position, step) for position, step in enumerate(row["steps"])]
        guide.save()
        publish_guide(guide)
        added["guides"] += 1
        added["steps"] += len(row["steps"])
    return added


def _step(guide: str, position: int, row: dict[str, Any]) -> DiagnosisStep:
    return DiagnosisStep(
        sort_order=position,
        key=row["key"],
        kind=row.get("kind", "question"),
        text=row["text"],
        detail="\n".join(row.get("detail", [])),
        where=row.get("where", "site"),
        yes=row.get("yes", ""),
        no=row.get("no", ""),
        warning=row.get("warning", ""),
        task=row.get("task", ""),
        card=StatutoryKind.objects.get(code=row["card"]) if row.get("card") else None,
        article=FaultArticle.objects.get(number=row["article"]) if row.get("article") else None,
        pictures=pictures.of_step(guide, row["key"]),
    )
