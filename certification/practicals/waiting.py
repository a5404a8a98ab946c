"""Candidates for a practical: every other in-house requirement is met."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from certification.enums import Standing
from certification.kinds import requirement_kinds
from certification.ledger.standing import standing
from certification.models import AssessorAppointment, Checklist, Scheme
from certification.permissions import candidates_in_sight
from certification.requirements.base import is_in_house
from certification.requirements.evidence import evidence_of
from certification.requirements.practical import KIND as PRACTICAL
from certification.requirements.practical import is_practical
from certification.schemes.progress import load_requirements, progress_from, requirements_of
from portal.models import Person, PortalSettings
from portal.registry.duty import Reason


@dataclass(frozen=True)
class Waiting:
    """A candidate for one checklist."""

    person: Person
    scheme: Scheme
    checklist: Checklist
    score: int | None


def checklists_of(assessor: Person) -> list[Checklist]:
    """Return the checklists the assessor is appointed for today."""
    appointments = AssessorAppointment.objects.valid_on(timezone.localdate()).filter(person=assessor)
    paths = list(appointments.values_list("category__path", flat=True))
    if not paths:
        return []
    below = Q()
    for path in paths:
        below |= Q(category__path__startswith=path)
    return list(Checklist.objects.filter(below).select_related("category").order_by("code"))


def waiting_for(assessor: Person) -> list[Waiting]:
    """Return the people the assessor may assess who wait for one of the assessor's checklists."""
    checklists = {checklist.pk: checklist for checklist in checklists_of(assessor)}
    schemes = load_requirements(
        Scheme.objects.filter(is_active=True, requirements__checklist__in=checklists).distinct().order_by("code")
    )
    people = list(_candidates(assessor, schemes))
    evidence = evidence_of([person.pk for person in people], [scheme.pk for scheme in schemes])
    now = timezone.now()
    today = timezone.localdate(now)
    days = PortalSettings.load().expiring_days
    found = []
    for scheme in schemes:
        for person in people:
            entries = evidence[person.pk].entries[scheme.pk]
            if standing(entries, today, now, expiring_days=days).standing in (
                Standing.VALID,
                Standing.SUSPENDED,
                Standing.NOT_YET,
            ):
                continue
            reasons = progress_from(evidence[person.pk], scheme, today, now)
            found += [
                Waiting(person, scheme, checklists[pk], _score(reasons))
                for pk in _only_practicals_missing(reasons, scheme)
                if pk in checklists
            ]
    return sorted(found, key=lambda waiting: (waiting.person.staff_number, waiting.checklist.code))


def _candidates(assessor: Person, schemes: Iterable[Scheme]) -> Iterable[Person]:
    """Return people who have shown something of these schemes: the rest cannot be waiting."""
    listed = list(schemes)
    people = candidates_in_sight(assessor)
    asked = {requirement.kind for scheme in listed for requirement in requirements_of(scheme)} - {PRACTICAL.key}
    conditions = [requirement_kinds.get(key).began([scheme.pk for scheme in listed]) for key in sorted(asked)]
    if all(condition is not None for condition in conditions):
        people = people.filter(reduce(or_, conditions, Q(pk__in=[])))
    return people.with_posts(timezone.localdate()).distinct().order_by("staff_number")


def _only_practicals_missing(reasons: list[Reason], scheme: Scheme) -> list[int]:
    missing = [reason for reason in reasons if not reason.met and is_in_house(reason)]
    if not missing or not all(is_practical(reason) for reason in missing):
        return []
    codes = {reason.params["checklist"] for reason in missing}
    return [
        requirement.checklist_id
        for requirement in requirements_of(scheme)
        if requirement.checklist_id and requirement.checklist.code in codes
    ]


def _score(reasons: list[Reason]) -> int | None:
    scores = (requirement_kinds.get(reason.params["kind"]).score(reason) for reason in reasons)
    return next((score for score in scores if score is not None), None)
