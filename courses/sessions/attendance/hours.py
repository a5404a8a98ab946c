"""Credited training minutes per person and module, on a day, as known at a moment."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from courses.models import HourCredit, Session, SessionModule, TrainingModule
from courses.sessions.queries import ahead, places_of
from portal.models import Person


@dataclass(frozen=True)
class Progress:
    """How much of a module somebody has been credited (minutes)."""

    module: TrainingModule
    credited: int

    @property
    def is_complete(self) -> bool:
        """Whether the whole module is credited."""
        return self.credited >= self.module.minutes


def progress_of(person: Person) -> list[Progress]:
    """Return the modules ``person`` has credited time in, or is going to attend, with the minutes."""
    # By keys of the person's own rows: joins to everybody's credits and sessions multiply.
    coming = ahead(Session.objects.filter(pk__in=places_of(person).values("session"))).order_by()
    booked = SessionModule.objects.filter(session__in=coming.values("pk")).order_by().values("module")
    earned = HourCredit.objects.filter(person=person).order_by().values("module")
    modules = list(
        TrainingModule.objects.filter(Q(pk__in=earned) | Q(pk__in=booked)).select_related("category").order_by("code")
    )
    credited = minutes_credited_to([person], modules)
    return [Progress(module, credited.get((person.pk, module.pk), 0)) for module in modules]


def _credits(on: dt.date | None, known_at: dt.datetime | None) -> QuerySet[HourCredit]:
    credits = HourCredit.objects.order_by()
    if on is not None:
        credits = credits.filter(earned_on__lte=on)
    if known_at is not None:
        credits = credits.filter(recorded_at__lte=known_at)
    return credits


def minutes_credited(
    person: Person, module: TrainingModule, *, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> int:
    """Return the minutes of ``module`` credited to ``person``.

    Args:
        on: count what was earned up to this day; everything by default.
        known_at: count what was on record at this moment; everything by default.
    """
    credits = _credits(on, known_at).filter(person=person, module=module)
    return credits.aggregate(total=Sum("minutes"))["total"] or 0


def minutes_credited_to(
    people: Iterable[Person] | QuerySet[Person],
    modules: Iterable[TrainingModule] | QuerySet[TrainingModule],
    *,
    on: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> dict[tuple[int, int], int]:
    """Return the credited minutes of many people in one query, by ``(person.pk, module.pk)``; absent means 0.

    Args:
        on, known_at: as in :func:`minutes_credited`.
    """
    credits = _credits(on, known_at).filter(person__in=people, module__in=modules)
    totals = credits.values("person_id", "module_id").annotate(total=Sum("minutes"))
    return {(row["person_id"], row["module_id"]): row["total"] for row in totals}
