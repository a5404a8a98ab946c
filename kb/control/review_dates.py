"""Review dates: which published records are due, whose they are, and one letter to the owner."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from kb.control.tasks import send_review_letter
from kb.models import Bulletin, DiagnosisGuide, FaultArticle, ReviewReminder
from portal.models import Person

#: The owner hears of a review so many days before.
REMIND_BEFORE = dt.timedelta(days=14)
MODELS = (FaultArticle, DiagnosisGuide, Bulletin)


@dataclass(frozen=True)
class Due:
    """One record of the queue.

    Args:
        due: None when nobody set a date.
        owner: who published what readers have; None when the portal did.
    """

    record: Any
    due: dt.date | None
    owner: Person | None

    @property
    def is_overdue(self) -> bool:
        """Whether the day is over."""
        return self.due is not None and self.due < timezone.localdate()


def queue(until: dt.date | None = None, kinds: Iterable[type] = MODELS) -> list[Due]:
    """Return the published records without a date, then those due until a day, the most overdue first.

    Args:
        until: None for all of them, whenever they are due.
        kinds: models of the records.
    """
    found: list[Due] = []
    for model in kinds:
        rows = model.objects.filter(live=True)
        if until is not None:
            rows = rows.filter(Q(review_due__isnull=True) | Q(review_due__lte=until))
        rows = list(rows.only("number", "title", "review_due", "live_revision"))
        owners = dict(Revision.objects.filter(pk__in=[row.live_revision_id for row in rows]).values_list("pk", "user"))
        people = Person.objects.in_bulk({owner for owner in owners.values() if owner})
        found += [Due(row, row.review_due, people.get(owners.get(row.live_revision_id))) for row in rows]
    return sorted(found, key=lambda entry: (entry.due or dt.date.min, entry.record.number))


def remind_owners() -> int:
    """Write to the owners of what is due soon, once a record and day; return how many letters (a regular job)."""
    sent = 0
    for entry in queue(timezone.localdate() + REMIND_BEFORE):
        if entry.due is None or entry.owner is None or not entry.owner.is_active:
            continue
        key = {"record_label": entry.record._meta.label_lower, "record_id": entry.record.pk, "due": entry.due}
        with transaction.atomic():
            row, is_new = ReviewReminder.objects.get_or_create(**key, defaults={"person": entry.owner})
            if is_new:
                transaction.on_commit(partial(send_review_letter.enqueue, row.pk))
                sent += 1
    return sent
