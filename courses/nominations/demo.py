"""Load demo training requests through the verbs (idempotent)."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import Session, TrainingModule, TrainingRequest
from courses.nominations.domain import Named, ask_for_training, name_people, open_naming
from portal.models import Organisation, Person
from portal.registry.demo import data

FACTS = ("seats", "place", "contact_name", "contact_mobile", "contact_email", "note")


@transaction.atomic
def load_requests() -> dict[str, int]:
    """Requests of customers: one with a session, a link and some names, one still to be planned."""
    return {"training requests": sum(_load(entry) for entry in data("requests")["requests"])}


def _load(entry: dict[str, Any]) -> int:
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"demo/requests/{entry['key']}")
    if TrainingRequest.objects.filter(form_key=key).exists():
        return 0
    by = Person.objects.get(staff_number=entry["by"])
    customer = Organisation.objects.get(code=entry["customer"])
    modules = list(TrainingModule.objects.filter(code__in=entry["modules"]))
    today = timezone.localdate()
    session = None
    if "session_of" in entry:
        coming = Session.objects.filter(organisation=customer, starts_at__gt=timezone.now())
        session = coming.filter(parts__module__code=entry["session_of"], training_requests=None).first()
    request = ask_for_training(
        by,
        customer,
        modules,
        form_key=key,
        session=session,
        wished_on=today + dt.timedelta(days=entry["wished_in_days"]) if "wished_in_days" in entry else None,
        **{name: entry[name] for name in FACTS},
    )
    if "name_by_in_days" in entry:
        open_naming(request, by=by, name_by=today + dt.timedelta(days=entry["name_by_in_days"]))
        request.refresh_from_db()
        rows = [Named(row, **facts) for row, facts in enumerate(entry["named"], start=1)]
        name_people(request, rows, version=request.version, place=entry["place"])
    return 1
