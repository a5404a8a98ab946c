"""Limit in words what a qualification allows, and lift it again."""

import uuid
from collections.abc import Collection

from django.db import transaction

from certification.errors import ReasonNeeded
from certification.ledger.entries import facts_of, lock
from certification.ledger.errors import NothingToLimit
from certification.models import Scheme, WorkLimit
from portal.access import audit
from portal.models import Person


@transaction.atomic
def limit_work(person: Person, scheme: Scheme, *, text: str, reason: str, by: Person, form_key: uuid.UUID) -> WorkLimit:
    """Say what the person does not do although the qualification is held; an empty text lifts it.

    Raises:
        ReasonNeeded: no reason given.
        NothingToLimit: it was never granted, or nothing would change.
    """
    lock(person)
    done = WorkLimit.objects.filter(form_key=form_key).first()
    if done is not None:
        return done
    if not reason.strip():
        raise ReasonNeeded
    before = limits_of([person.pk], [scheme.pk]).get((person.pk, scheme.pk), "")
    if not facts_of(person, scheme) or before == text.strip():
        raise NothingToLimit
    said = {"text": text.strip(), "reason": reason.strip()}
    made = WorkLimit.objects.create(person=person, scheme=scheme, set_by=by, form_key=form_key, **said)
    audit.record("certification.work_limited", made, actor=by, person=person.pk, scheme=scheme.code, **said)
    return made


def limits_of(people: Collection[int], schemes: Collection[int]) -> dict[tuple[int, int], str]:
    """Return the limit that holds now by person and scheme: one query."""
    said = WorkLimit.objects.filter(person__in=people, scheme__in=schemes).order_by("recorded_at", "pk")
    return {(each.person_id, each.scheme_id): each.text for each in said}
