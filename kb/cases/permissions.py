"""Who sees, works on and closes a field case; one predicate for lists, pages, photos and acts."""

from typing import Any

from django.db.models import Q, QuerySet

from kb.enums import CaseKind
from kb.models import CaseReader, FieldCase
from portal.access.sight import NETWORK_ROLES, organisations_in_sight
from portal.audiences import audiences_of
from portal.enums import Role

#: Roles that work on cases of their branch; at the outlet whose turn it is everybody does.
WORK_ROLES = (Role.MANAGER, Role.TRAINER, Role.ASSESSOR, Role.EDITOR, Role.ADMINISTRATOR)


def may_report(person: Any) -> bool:
    """Whether the person may report a case: everybody who is signed in, customers included."""
    return bool(getattr(person, "is_authenticated", False)) and person.is_active


def cases_for(person: Any) -> QuerySet[FieldCase]:
    """Return the cases ``person`` may open.

    One's own; those one's place of work holds or reported; those of the branch for roles that look after one. An
    accident is for its named readers alone, whatever their role. Whom a case is about does not see it.
    """
    cases = FieldCase.objects.all()
    if not may_report(person):
        return cases.none()
    places = [place.pk for place in person.places]
    seen = Q(reporter=person) | Q(assignee=person)
    if "staff" in audiences_of(person):
        branch = organisations_in_sight(person).order_by().values("pk")
        seen |= Q(held_by__in=places) | Q(organisation__in=places) | Q(held_by__in=branch) | Q(organisation__in=branch)
    seen = (seen & ~Q(kind=CaseKind.ACCIDENT)) | _read_by(person)
    complained = FieldCase.complains_about.through.objects.filter(person=person).values("fieldcase")
    return cases.filter(seen).exclude(pk__in=complained)


def _read_by(person: Any) -> Q:
    """Return the condition of accidents whose named reader ``person`` is."""
    rows = CaseReader.objects.filter(person=person, removed_at=None).values("case")
    return Q(kind=CaseKind.ACCIDENT, pk__in=rows)


def not_closed_to(person: Any) -> Q:
    """Return the condition of cases that are no secret to ``person``: all but accidents they are no reader of."""
    if not may_report(person):
        return ~Q(kind=CaseKind.ACCIDENT)
    complained = FieldCase.complains_about.through.objects.filter(person=person).values("fieldcase")
    return ~Q(kind=CaseKind.ACCIDENT) | (_read_by(person) & ~Q(pk__in=complained))


def keeps_readers(person: Any, case: FieldCase) -> bool:
    """Whether ``person`` decides who reads the file of an accident: a reader who works on it in a role for that."""
    return bool(person.has_role(*WORK_ROLES)) and can_work_on(person, case)


def can_open_case(person: Any, case: FieldCase) -> bool:
    """Whether ``person`` may open ``case``."""
    return cases_for(person).filter(pk=case.pk).exists()


def can_work_on(person: Any, case: FieldCase) -> bool:
    """Whether ``person`` may take over and answer ``case``: who sees it, at the place that holds it or above."""
    if not can_open_case(person, case) or "staff" not in audiences_of(person):
        return False
    if any(place.pk == case.held_by_id for place in person.places):
        return True
    if person.has_role(*NETWORK_ROLES) and person.has_role(*WORK_ROLES):
        return True
    above = any(case.held_by.path.startswith(place.path) for place in person.places)
    return above and person.has_role(*WORK_ROLES)
