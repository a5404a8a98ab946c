"""What the gate was asked: the records in somebody's sight, and the question asked once more."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from certification.duty.log.domain import facts_of
from certification.models import DutyInquiry
from certification.permissions import may_audit
from portal.access.dates import end_of_day, start_of_day
from portal.access.lookup import people_matching
from portal.access.sight import people_in_sight
from portal.enums import Task
from portal.models import EquipmentModel, Person
from portal.registry.duty import DutyAnswer, DutyQuestion, ask_many


@dataclass(frozen=True)
class Again:
    """A kept answer beside the one given now to the same question with what was known then."""

    inquiry: DutyInquiry
    answer: DutyAnswer

    @property
    def differing(self) -> list[str]:
        """What of the answer is not as it was: names of columns."""
        return [name for name, value in facts_of(self.answer).items() if value != getattr(self.inquiry, name)]

    @property
    def is_same(self) -> bool:
        """Whether everything kept of the answer is given again."""
        return not self.differing


def inquiries_in_sight(asker: Any) -> QuerySet[DutyInquiry]:
    """Return what was asked about people in the sight of ``asker``, newest first: for managers and network roles."""
    if not may_audit(asker):
        return DutyInquiry.objects.none()
    rows = DutyInquiry.objects.filter(person__in=people_in_sight(asker).order_by().values("pk"))
    return rows.select_related("person", "asked_by", "equipment", "position__organisation").order_by("-pk")


def narrow_inquiries(
    rows: QuerySet[DutyInquiry],
    *,
    person: str = "",
    asker: str = "",
    equipment: EquipmentModel | None = None,
    on: dt.date | None = None,
    asked_on: dt.date | None = None,
    answer: str = "",
    asked_from: str = "",
) -> QuerySet[DutyInquiry]:
    """Narrow what was asked; everything left out stays.

    Args:
        person: number, name or pinyin of who was asked about; ``asker`` of who asked.
        on: the day of work; ``asked_on`` the day the question was asked.
        answer: ``allowed``, ``refused`` or ``overridden``.
    """
    for name, text in (("person", person), ("asked_by", asker)):
        if text.strip():
            named = people_matching(Person.objects.order_by(), text)
            rows = rows.filter(**{f"{name}__in": named.values("pk")})
    if equipment is not None:
        rows = rows.filter(equipment=equipment)
    if on is not None:
        rows = rows.filter(on=on)
    if asked_on is not None:
        rows = rows.filter(recorded_at__gte=start_of_day(asked_on), recorded_at__lte=end_of_day(asked_on))
    if asked_from:
        rows = rows.filter(asked_from=asked_from)
    return rows.filter(**_ANSWERS.get(answer, {}))


_ANSWERS: dict[str, dict[str, bool]] = {
    "allowed": {"is_allowed": True, "is_overridden": False},
    "refused": {"is_allowed": False},
    "overridden": {"is_overridden": True},
}


def ask_again(inquiry: DutyInquiry) -> Again:
    """Ask the gate the same question with what was on record then; the asking is not kept."""
    about: dict[str, Any] = (
        {"position": inquiry.position}
        if inquiry.position is not None
        else {"equipment": inquiry.equipment, "task": Task(inquiry.task)}
    )
    (answer,) = ask_many([DutyQuestion(inquiry.person, inquiry.on, inquiry.known_at, **about)])
    return Again(inquiry, answer)
