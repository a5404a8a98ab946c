"""Training assigned in the demo: by headquarters, by a region, to a post, to who joins."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import Course, TrainingDue, TrainingModule
from portal.access import audit
from portal.access.changes import added
from portal.models import Organisation, Person
from portal.registry.demo import data


@transaction.atomic
def load_dues() -> dict[str, int]:
    """What is assigned; days count from today, so that something is open and something late whenever it is loaded."""
    made = 0
    for row in data("assigned")["assigned"]:
        if not TrainingDue.objects.filter(reason=row["reason"]).exists():
            _assign(row)
            made += 1
    return {"assigned": made}


def _assign(row: dict[str, Any]) -> None:
    """Assign as it was assigned some time ago, which the verb, with its days ahead, does not do."""
    today, by = timezone.localdate(), Person.objects.get(staff_number=row["by"])
    ago = today - dt.timedelta(days=row["days_ago"])
    due = TrainingDue(
        module=TrainingModule.objects.filter(code=row.get("module")).first(),
        course=Course.objects.filter(code=row.get("course")).first(),
        organisation=Organisation.objects.get(code=row["organisation"]),
        post_title=row.get("post", ""),
        person=Person.objects.filter(staff_number=row.get("person")).first(),
        due_on=today + dt.timedelta(days=row["in_days"]) if "in_days" in row else None,
        within_days=row.get("within_days"),
        since=ago,
        reason=row["reason"],
        assigned_by=by,
        assigned_at=timezone.now() - dt.timedelta(days=row["days_ago"]),
    )
    due.full_clean()
    due.save()
    audit.record("courses.training_assigned", due, actor=by, changes=added(due))
