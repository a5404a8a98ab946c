"""Rows of a machine's file as one reader may see them: what a row names is shown to whom it is open, no further."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.cases.permissions import cases_for
from kb.handling.permissions import CORRECTING, may_record
from kb.models import FaultArticle, FieldCase, HandlingRecord
from portal.access.sight import DUTY_ROLES, people_in_sight
from portal.audiences import audiences_of, is_staff_member
from portal.models import EquipmentUnit


@dataclass(frozen=True)
class ReadRow:
    """One row for one reader.

    Args:
        article: only an article they may open.
        case: only a case they may open.
        reasons: what the gate said of the person; for whom they may ask the gate about.
        staff_number: of whose file they see, and of oneself.
        may_correct: whether a correction by them would be taken.
    """

    record: HandlingRecord
    article: FaultArticle | None = None
    case: FieldCase | None = None
    reasons: Sequence[dict[str, Any]] = field(default_factory=list)
    staff_number: str = ""
    may_correct: bool = False

    @property
    def guide(self) -> str:
        """Under whom alone the work was allowed, as far as the reader knows why."""
        return self.record.guide if self.reasons else ""


def read_rows(rows: Iterable[HandlingRecord], unit: EquipmentUnit, reader: Any) -> list[ReadRow]:
    """Return rows of one machine's file as ``reader`` sees them; the number of queries is fixed."""
    rows = list(rows)
    audiences = audiences_of(reader)
    named = {row.case_id for row in rows if row.case_id}
    cases = set(cases_for(reader).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    # Whose place of work is a customer sees nobody of the network, whatever their role.
    sees_people = is_staff_member(reader)
    people = {row.person_id for row in rows} if sees_people else set()
    in_sight = set(people_in_sight(reader).filter(pk__in=people).values_list("pk", flat=True)) if people else set()
    corrects = sees_people and reader.has_role(*CORRECTING)
    asks = sees_people and reader.has_role(*DUTY_ROLES)
    records = may_record(reader, unit)

    def read(row: HandlingRecord) -> ReadRow:
        own, seen = row.person_id == reader.pk, row.person_id in in_sight
        is_open = row.article is not None and row.article.live and row.article.audience in audiences
        return ReadRow(
            row,
            article=row.article if is_open else None,
            case=row.case if row.case_id in cases else None,
            reasons=row.gate if own or (asks and seen) else [],
            staff_number=row.person.staff_number if own or seen else "",
            may_correct=records and (own or (corrects and seen)),
        )

    return [read(row) for row in rows]
