"""Cards issued outside: recorded as printed, withdrawn with the moment it became known, never edited."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.models import StatutoryCertificate, StatutoryKind
from certification.statutory.errors import StatutoryTwice
from portal.access import audit
from portal.models import Person


@transaction.atomic
def record_statutory(
    person: Person,
    kind: StatutoryKind,
    number: str,
    *,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Person | None,
    issuer: str = "",
    review_due: dt.date | None = None,
    at: dt.datetime | None = None,
) -> StatutoryCertificate:
    """Record a card. A re-examined card is recorded again with the day of its re-examination.

    Args:
        review_due: the day the next re-examination is due, if the card names one.
        at: the moment recorded, now by default; earlier ones are for imports and demo data.

    Raises:
        StatutoryTwice: this card is on record already.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    plain = number.strip()
    if StatutoryCertificate.objects.filter(kind=kind, number=plain, valid_from=valid_from).exists():
        raise StatutoryTwice
    facts: dict[str, Any] = {"valid_from": valid_from, "valid_to": valid_to, "review_due": review_due}
    card = StatutoryCertificate.objects.create(
        person=person,
        kind=kind,
        number=plain,
        issuer=issuer.strip() or kind.issuer,
        recorded_at=at or timezone.now(),
        recorded_by=by,
        **facts,
    )
    audit.record("certification.statutory_recorded", card, actor=by, person=person.pk, kind=kind.code)
    return card


@transaction.atomic
def withdraw_statutory(
    card: StatutoryCertificate, *, withdrawn_on: dt.date, by: Person | None, at: dt.datetime | None = None
) -> StatutoryCertificate:
    """Record that a card does not count from a day on; a second call changes nothing."""
    locked = StatutoryCertificate.objects.select_for_update().get(pk=card.pk)
    if locked.withdrawn_on is None:
        locked.withdrawn_on = withdrawn_on
        locked.withdrawn_recorded_at = at or timezone.now()
        locked.save(update_fields=["withdrawn_on", "withdrawn_recorded_at"])
        audit.record("certification.statutory_withdrawn", locked, actor=by, day=withdrawn_on.isoformat())
    return locked
