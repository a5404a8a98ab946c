"""Records taken over, for who may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from certification.enums import TakenOverKind
from certification.models import TakenOver
from certification.permissions import (
    can_open_evidence,
    files_open_to,
    may_list_certificates,
    may_take_over,
    taken_over_by,
)
from portal.models import Person


def taken_over_in_sight(reader: Any) -> QuerySet[TakenOver]:
    """Return the records of the people whose file the reader may open, and those the reader recorded, newest first."""
    found = TakenOver.objects.filter(person__in=files_open_to(reader).order_by().values("pk"))
    found |= TakenOver.objects.filter(recorded_by=reader)
    named = ("person", "scheme", "quiz", "checklist", "module", "vouched_by", "recorded_by", "withdrawn_by")
    return found.select_related(*named).order_by("-recorded_at", "-pk")


def taken_over_of(person: Person, rows: int) -> list[TakenOver]:
    """Return what was taken over for a person, withdrawn records too, the latest first."""
    named = ("person", "scheme", "quiz", "checklist", "module", "vouched_by")
    return list(TakenOver.objects.filter(person=person).select_related(*named).order_by("-on", "-pk")[:rows])


@dataclass(frozen=True)
class Row:
    """A record, and what the reader may do with it."""

    record: TakenOver
    opens_scan: bool
    withdraws: bool

    @property
    def keeps_scan(self) -> bool:
        """Whether the reader may keep a scan with it."""
        return self.withdraws and self.record.scan_id is None


def records_for(reader: Any, records: Sequence[TakenOver]) -> list[Row]:
    """Return the records with what the reader may do with each: two queries, however many."""
    people = {record.person_id for record in records}
    kept = set(taken_over_by(reader, TakenOverKind.CERTIFICATE).filter(pk__in=people).values_list("pk", flat=True))
    opened = {reader.pk}
    if may_list_certificates(reader):
        opened |= set(files_open_to(reader).filter(pk__in=people).values_list("pk", flat=True))
    return [_row(reader, record, kept, opened) for record in records]


def _row(reader: Any, record: TakenOver, kept: Collection[int], opened: Collection[int]) -> Row:
    is_own, recorded = record.person_id == reader.pk, record.recorded_by_id == reader.pk
    withdraws = not is_own and not record.is_withdrawn and (recorded or record.person_id in kept)
    return Row(record, record.scan_id is not None and (recorded or record.person_id in opened), withdraws)


def can_see_scan_of(reader: Any, record: TakenOver) -> bool:
    """Whether the reader may open the scan: whose it is, who may open that person's evidence, who recorded it."""
    return can_open_evidence(reader, record.person) or (
        reader.pk == record.recorded_by_id and may_take_over(reader, record.kind)
    )
