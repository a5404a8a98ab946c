"""Candidates for a practical: every other in-house requirement is met."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from certification.enums import Standing
from certification.judged import Judged
from certification.kinds import requirement_kinds
from certification.ledger.standing import standing_under
from certification.models import AssessorAppointment, Checklist, LedgerEntry, Scheme
from certification.permissions import candidates_in_sight
from certification.requirements.base import TURNING, RequirementKind
from certification.requirements.evidence import evidence_of
from certification.requirements.practical import KIND as PRACTICAL
from certification.requirements.practical import is_practical
from certification.requirements.reasons import is_other_road, lacking_in_house
from certification.requirements.sign_offs import KIND as SIGN_OFFS
from certification.schemes.progress import load_requirements, progress_from, requirements_of
from portal.models import Assignment, Person, PortalSettings
from portal.registry.duty import Reason

# Of those who wait for a practical that nothing precedes, as many are listed.
LISTED = 400
# What is taken at the end of the road: it does not tell who waits for it.
ENDING = (PRACTICAL.key, SIGN_OFFS.key)


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


def waiting_for(assessor: Person) -> Judged[Waiting]:
    """Return the people the assessor may assess who wait for one of the assessor's checklists, by staff number."""
    checklists = {checklist.pk: checklist for checklist in checklists_of(assessor)}
    schemes = load_requirements(
        Scheme.objects.filter(is_active=True, requirements__checklist__in=checklists).distinct().order_by("code")
    )
    return Judged(lambda: _candidates(assessor, schemes), partial(_judge, schemes, checklists))


def _judge(schemes: Sequence[Scheme], checklists: Mapping[int, Checklist], keys: list[int]) -> list[Waiting]:
    today, now = timezone.localdate(), timezone.now()
    people = list(Person.objects.filter(pk__in=keys).with_posts(today).order_by("staff_number"))
    evidence = evidence_of(keys, [scheme.pk for scheme in schemes])
    days = PortalSettings.load().expiring_days
    found = []
    for scheme in schemes:
        for person in people:
            entries = evidence[person.pk].entries[scheme.pk]
            if standing_under(scheme, entries, today, now, expiring_days=days).standing in (
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


def _candidates(assessor: Person, schemes: Sequence[Scheme]) -> list[int]:
    """Return the keys of the people who may be waiting: what else their scheme asks for was shown since its last grant.

    Nothing precedes a scheme that asks for practicals only: it is awaited by who holds a post that requires it.
    """
    people = candidates_in_sight(assessor).order_by().values_list("staff_number", "pk")
    found: set[tuple[str, int]] = set()
    for kind, group in _by_last_shown(schemes).items():
        began = _posts_of(group) if kind is None else kind.began(group)
        found |= set(people.filter(pk__in=began))
    return [key for _number, key in sorted(found)]


def _by_last_shown(schemes: Sequence[Scheme]) -> dict[RequirementKind | None, list[Scheme]]:
    """Group the schemes by the kind whose evidence comes last before a practical and so leaves the fewest people."""
    told = [kind for kind in requirement_kinds if kind.key not in ENDING and kind.began(()) is not None]
    found: dict[RequirementKind | None, list[Scheme]] = defaultdict(list)
    for scheme in schemes:
        asked = {requirement.kind for requirement in requirements_of(scheme)}
        found[next((kind for kind in reversed(told) if kind.key in asked), None)].append(scheme)
    return found


def _posts_of(schemes: Sequence[Scheme]) -> QuerySet[Assignment]:
    """Return who holds a post that asks for one of the schemes and never had it, as keys of people."""
    asked = Scheme.positions.through.objects.filter(position=OuterRef("position"), scheme__in=schemes)
    held = LedgerEntry.objects.filter(person=OuterRef(OuterRef("person")), scheme=OuterRef("scheme"), kind__in=TURNING)
    posts = Assignment.objects.valid_on(timezone.localdate()).filter(Exists(asked.filter(~Exists(held))))
    return posts.order_by().values("person")[:LISTED]


def _only_practicals_missing(reasons: list[Reason], scheme: Scheme) -> list[int]:
    missing = [reason for reason in lacking_in_house(reasons) if not is_other_road(reason)]
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
