"""Hours of training by person, trainer, unit and course in a period."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Sum

from courses.enums import SessionState
from courses.models import HourCredit, Session, SessionModule, TrainingReport
from courses.sessions.permissions import managed_organisations
from portal.access.sight import organisations_in_sight, people_in_sight
from portal.enums import Role
from portal.models import Organisation, Person
from portal.models.people import place_on

GROUPS = ("person", "unit", "trainer", "course")
READERS = (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True)
class Row:
    """The hours of one person, unit, trainer or course.

    Args:
        note: what tells it from others of the same name.
        count: people, or for a trainer sessions.
    """

    label: str
    note: str
    count: int
    minutes: int


def may_read_hours(person: Any) -> bool:
    """Whether the page of hours means anything to ``person``."""
    return getattr(person, "is_authenticated", False) and person.is_active and person.has_role(*READERS)


def may_read_reports(person: Any) -> bool:
    """Whether ``person`` reads reports on a whole network at all."""
    is_known = getattr(person, "is_authenticated", False) and person.is_active
    return is_known and person.has_role(Role.ADMINISTRATOR, Role.AUDITOR)


def visible_reports(person: Any) -> QuerySet[TrainingReport]:
    """Return the kept reports of the networks in sight; one over all networks is for who sees them all."""
    if not may_read_reports(person):
        return TrainingReport.objects.none()
    places = organisations_in_sight(person).order_by()
    seen = places.filter(depth=1)
    found = Q(organisation__in=seen.values("pk")) | Q(plan__isnull=False, organisation__in=places.values("pk"))
    if not Organisation.objects.filter(depth=1).exclude(pk__in=seen.values("pk")).exists():
        found |= Q(organisation__isnull=True)
    return TrainingReport.objects.filter(found).select_related("organisation")


def credits_for(reader: Person, start: dt.date, end: dt.date) -> QuerySet[HourCredit]:
    """Return the credits of the people in the reader's sight earned in a period, both days included."""
    people = people_in_sight(reader).order_by().values("pk")
    return HourCredit.objects.filter(person__in=people, earned_on__gte=start, earned_on__lte=end).order_by()


def sessions_taught(reader: Person, start: dt.date, end: dt.date) -> QuerySet[Session]:
    """Return the sessions held in a period that the reader oversees, or teaches."""
    held = Session.objects.filter(state=SessionState.CLOSED, ends_at__date__gte=start, ends_at__date__lte=end)
    if reader.has_role(Role.AUDITOR):
        places: Any = organisations_in_sight(reader)
    else:
        places = managed_organisations(reader)
    return (held.filter(organisation__in=places.order_by().values("pk")) | held.filter(trainer=reader)).distinct()


def hours_by(group: str, credits: QuerySet[HourCredit], sessions: QuerySet[Session]) -> list[Row]:
    """Return the rows of a group, the most hours first; corrections are counted in.

    Hours belong to the unit where the person worked on the day they were earned.
    """
    if group == "trainer":
        return _by_trainer(sessions)
    if group == "unit":
        earned = OuterRef("earned_on")
        facts = {f"unit_{fact}": place_on(earned, "person__", fact) for fact in ("name", "code")}
        credits = credits.annotate(**facts)
    label, note = {
        "person": ("person__name", "person__staff_number"),
        "unit": ("unit_name", "unit_code"),
        "course": ("module__title", "module__code"),
    }[group]
    rows = credits.values(label, note).annotate(people=Count("person", distinct=True), total=Sum("minutes"))
    ordered = rows.order_by("-total", note)
    return [Row(row[label] or "—", row[note] or "", row["people"], row["total"]) for row in ordered]


def _by_trainer(sessions: QuerySet[Session]) -> list[Row]:
    parts = SessionModule.objects.filter(session__in=sessions.order_by().values("pk")).order_by()
    name, number = "session__trainer__name", "session__trainer__staff_number"
    rows = parts.values(name, number).annotate(held=Count("session", distinct=True), total=Sum("minutes"))
    return [Row(row[name], row[number], row["held"], row["total"]) for row in rows.order_by("-total", number)]
