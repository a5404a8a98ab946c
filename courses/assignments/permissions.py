"""Who assigns training, and who may see what is assigned and owed."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.models import TrainingDue
from courses.sessions.permissions import branches_over, managed_organisations
from portal.access.sight import organisations_in_sight, people_in_sight
from portal.enums import Role
from portal.models import Organisation


def may_assign(person: Any) -> bool:
    """Whether ``person`` may assign training to any branch."""
    return managed_organisations(person).exists()


def may_see_dues(person: Any) -> bool:
    """Whether ``person`` follows what others owe: managers, administrators, auditors."""
    return may_assign(person) or bool(
        getattr(person, "is_authenticated", False) and person.is_active and person.has_role(Role.AUDITOR)
    )


def branches_to_assign(person: Any) -> QuerySet[Organisation]:
    """Return the branches ``person`` may assign training to."""
    return managed_organisations(person).order_by("path")


def visible_dues(person: Any) -> QuerySet[TrainingDue]:
    """Return what is assigned in the sight of ``person``, and from above to their branch.

    What is assigned to one person is for who has that person in sight, wherever it was assigned from.
    """
    if not may_see_dues(person):
        return TrainingDue.objects.none()
    below = Q(organisation__in=organisations_in_sight(person).order_by().values("pk"))
    above = Q(organisation__path__in=branches_over(person.places))
    theirs = Q(person__isnull=True) | Q(person__in=people_in_sight(person).order_by().values("pk"))
    return (
        TrainingDue.objects.filter(below | above)
        .filter(theirs)
        .select_related("module", "course", "organisation", "person")
    )


def can_withdraw(person: Any, due: TrainingDue) -> bool:
    """Whether ``person`` may take back what was assigned: who manages the branch it was assigned to."""
    return managed_organisations(person).filter(pk=due.organisation_id).exists()
