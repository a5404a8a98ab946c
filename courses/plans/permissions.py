"""Who may see and change projects and their plans."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.models import Project
from courses.plans.errors import NotYourProject
from courses.sessions.permissions import can_schedule, organisations_to_schedule_for
from portal.access.sight import organisations_in_sight
from portal.enums import Role
from portal.models import Organisation


def may_see_projects(person: Any) -> bool:
    """Whether ``person`` has anything to do with projects: who schedules, and auditors."""
    return can_schedule(person) or bool(getattr(person, "is_authenticated", False) and person.has_role(Role.AUDITOR))


def visible_projects(person: Any) -> QuerySet[Project]:
    """Return the projects served by branches in the sight of ``person``, or whose customer they may teach."""
    if not may_see_projects(person):
        return Project.objects.none()
    served = Q(organisation__in=organisations_in_sight(person).order_by().values("pk"))
    taught = Q(customer__in=organisations_to_schedule_for(person).order_by().values("pk"))
    return Project.objects.filter(served | taught).select_related("customer", "organisation")


def places_to_serve(person: Any) -> QuerySet[Organisation]:
    """Return the customers and the branches that ``person`` may open a project for: in their sight, or to teach."""
    if not can_schedule(person):
        return Organisation.objects.none()
    seen = Q(pk__in=organisations_in_sight(person).order_by().values("pk"))
    return Organisation.objects.filter(seen | Q(pk__in=organisations_to_schedule_for(person).order_by().values("pk")))


def can_edit_project(person: Any, project: Project) -> bool:
    """Whether ``person`` may change the plan and generate sessions."""
    return can_schedule(person) and visible_projects(person).filter(pk=project.pk).exists()


def require_editor(person: Any, project: Project) -> None:
    """Refuse who may not change the plan.

    Raises:
        NotYourProject: they may not.
    """
    if not can_edit_project(person, project):
        raise NotYourProject
