"""Load the demo projects: plan, schedule and sessions, through the importer and the domain functions (idempotent)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import PlanSlip, Project
from courses.plans.domain import add_project, set_periods
from courses.plans.generating import Window, generate_sessions
from courses.plans.importing import kind
from portal.exchange.imports.domain import accept_import, answer_rows, start_import
from portal.models import Organisation, Person
from portal.registry.demo import data
from portal.registry.imports import Outcome


@transaction.atomic
def load_projects() -> dict[str, int]:
    """The projects of the profile; days are counted from today."""
    source = data("projects")
    for wrong, right in source["slips"].items():
        PlanSlip.objects.get_or_create(wrong=wrong, defaults={"right": right})
    added = 0
    for entry in source["projects"]:
        if not Project.objects.filter(code=entry["code"]).exists():
            _load(entry)
            added += 1
    return {"projects": added}


def _load(entry: dict[str, Any]) -> None:
    today = timezone.localdate()
    by = Person.objects.get(staff_number=entry["by"])
    days = {name: today + dt.timedelta(days=after) for name, after in entry["days"].items()}
    places = {name: Organisation.objects.get(code=entry[name]) for name in ("customer", "organisation")}
    names = {name: entry[name] for name in ("code", "name", "plan_title")}
    project = add_project(by=by, **names, **places, **days)
    run = start_import(kind, entry["table"].encode(), by=by, file_name=entry["file"], options={"project": project.pk})
    asked = run.lines.filter(outcome=Outcome.ASK)
    answer_rows(run, {line.number: line.question["choices"][0][0] for line in asked}, by=by)
    accept_import(run, by=by)
    set_periods(project, entry["periods"], by=by)
    window = entry["window"]
    first = today + dt.timedelta(days=window["from"])
    generate_sessions(
        project, Window(first=first, last=first + dt.timedelta(days=window["days"])), by=by, place=window["place"]
    )
