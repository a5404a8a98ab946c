"""Who reads evaluations, complaints and reviews of the effect."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.models import Complaint, EffectReview, Session
from courses.sessions.permissions import managed_organisations
from portal.access.sight import organisations_in_sight, people_in_sight
from portal.enums import Role

READERS = (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


def may_read_summaries(person: Any) -> bool:
    """Whether the summaries mean anything to ``person``."""
    return getattr(person, "is_authenticated", False) and person.is_active and person.has_role(*READERS)


def evaluated_sessions(person: Any) -> QuerySet[Session]:
    """Return the sessions whose evaluations ``person`` may read: a trainer's own, those of the branches in sight."""
    if not may_read_summaries(person):
        return Session.objects.none()
    seen = Q(trainer=person) | Q(organisation__in=managed_organisations(person).order_by().values("pk"))
    if person.has_role(Role.AUDITOR):
        seen |= Q(organisation__in=organisations_in_sight(person).order_by().values("pk"))
    return Session.objects.filter(seen)


def complaints_for(person: Any) -> QuerySet[Complaint]:
    """Return the complaints ``person`` may read: of the branches they manage, never about their own teaching."""
    managed = managed_organisations(person).order_by().values("pk")
    return Complaint.objects.filter(session__organisation__in=managed).exclude(session__trainer=person)


def reviews_for(person: Any) -> QuerySet[EffectReview]:
    """Return the reviews ``person`` answers for as a manager: of the people below, not of themselves."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return EffectReview.objects.none()
    if not person.has_role(Role.MANAGER, Role.ADMINISTRATOR):
        return EffectReview.objects.none()
    below = people_in_sight(person).order_by().values("pk")
    return EffectReview.objects.filter(attendance__enrolment__person__in=below).exclude(
        attendance__enrolment__person=person
    )
