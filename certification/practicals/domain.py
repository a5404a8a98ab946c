"""Sign practical assessments: once, by an appointed assessor, with the checklist's wording kept."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.enums import PracticalResult
from certification.errors import ActKeyTaken
from certification.models import AssessorAppointment, Checklist, ChecklistItem, PracticalAssessment
from certification.models.versions import ApprovedVersion
from certification.practicals.errors import FutureAssessment, IncompleteChecklist, NotAppointed, OwnAssessment
from certification.versions.errors import ChangedSince
from certification.versions.queries import has_changed, version_in_effect
from portal.access import audit
from portal.enums import Role
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import EquipmentCategory, Person


@dataclass(frozen=True)
class Judgement:
    """What the assessor saw of one item."""

    is_shown: bool
    remark: str = ""


def may_assess(assessor: Person, checklist: Checklist, day: dt.date) -> bool:
    """Whether the person has the role and an appointment that day for the checklist's category or one above it."""
    return is_appointed(assessor, checklist.category, day)


def is_appointed(assessor: Person, category: EquipmentCategory, day: dt.date) -> bool:
    """Whether the person has the role and an appointment that day for the category or one above it."""
    paths = self_and_ancestor_paths(category)
    return (
        assessor.has_role(Role.ASSESSOR)
        and AssessorAppointment.objects.valid_on(day).filter(person=assessor, category__path__in=paths).exists()
    )


@transaction.atomic
def sign_practical(
    assessor: Person,
    person: Person,
    checklist: Checklist,
    judgements: Mapping[int, Judgement],
    *,
    form_key: uuid.UUID,
    version: int | None = None,
    remark: str = "",
    assessed_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> PracticalAssessment:
    """Sign the checklist; the certificate follows when nothing else is missing.

    Passed when every critical item was shown and at least ``checklist.pass_percent`` of the others.

    Args:
        judgements: by primary key of the checklist's items, all of them.
        form_key: made by the form; a second post of it returns the first one's record.
        version: number of the checklist's version that was looked at; the one in effect when left out.
        assessed_on: the day of the assessment, today by default.
        at: the moment of signing, now by default; earlier ones are for imports and demo data.

    Raises:
        OwnAssessment: nobody assesses oneself.
        NotAppointed: no role or no appointment that day.
        IncompleteChecklist: an item was not judged.
        FutureAssessment: the day is still to come.
        ActKeyTaken: the key belongs to another assessment.
        ChangedSince: another version of the checklist took effect since it was looked at.
        NotApprovedYet: the checklist has no approved version.
    """
    at = at or timezone.now()
    day = assessed_on or timezone.localdate(at)
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    signed = _signed_before(form_key, assessor, person, checklist)
    if signed is not None:
        return signed
    _check_assessor(assessor, person, checklist, day, at)
    checklist, in_effect = _checklist_looked_at(checklist, version)
    items = _judged_items(checklist, judgements)
    practical = PracticalAssessment.objects.create(
        person=person,
        checklist=checklist,
        checklist_version=in_effect,
        changed_checklist=has_changed(person, in_effect),
        assessor=assessor,
        assessed_on=day,
        result=result_of(checklist, items, judgements),
        rows=[_row(item, judgements[item.pk]) for item in items],
        remark=remark.strip(),
        signed_at=at,
        form_key=form_key,
    )
    facts = {"person": person.pk, "checklist": checklist.code, "result": practical.result, "remark": practical.remark}
    audit.record("certification.practical_signed", practical, actor=assessor, **facts)
    if practical.result == PracticalResult.PASSED:
        award_after(person, checklist=checklist, at=at)
    return practical


def _checklist_looked_at(checklist: Checklist, version: int | None) -> tuple[Checklist, ApprovedVersion]:
    """Lock the checklist and return it with its version in effect, which must be the one that was looked at."""
    locked = Checklist.objects.select_for_update(of=("self",)).select_related("category").get(pk=checklist.pk)
    in_effect = version_in_effect(locked)
    if version is not None and version != in_effect.number:
        raise ChangedSince
    return locked, in_effect


def _signed_before(
    form_key: uuid.UUID, assessor: Person, person: Person, checklist: Checklist
) -> PracticalAssessment | None:
    """Return what an earlier post of the same form signed."""
    signed = PracticalAssessment.objects.filter(form_key=form_key).first()
    if signed is not None and (signed.person_id, signed.checklist_id, signed.assessor_id) != (
        person.pk,
        checklist.pk,
        assessor.pk,
    ):
        raise ActKeyTaken
    return signed


def _check_assessor(assessor: Person, person: Person, checklist: Checklist, day: dt.date, at: dt.datetime) -> None:
    if assessor.pk == person.pk:
        raise OwnAssessment
    if day > timezone.localdate(at):
        raise FutureAssessment
    if not may_assess(assessor, checklist, day):
        raise NotAppointed(category=checklist.category.name)


def _judged_items(checklist: Checklist, judgements: Mapping[int, Judgement]) -> list[ChecklistItem]:
    """Return the items of the checklist, each of which has its judgement."""
    items = list(checklist.items.all())
    open_items = [item for item in items if item.pk not in judgements]
    if open_items:
        raise IncompleteChecklist(count=len(open_items))
    return items


def result_of(checklist: Checklist, items: list[ChecklistItem], judgements: Mapping[int, Judgement]) -> PracticalResult:
    """Return passed or failed by the rule of :func:`sign_practical`."""
    shown = {item.pk for item in items if judgements[item.pk].is_shown}
    ordinary = [item for item in items if not item.is_critical]
    critical_ok = all(item.pk in shown for item in items if item.is_critical)
    good = sum(item.pk in shown for item in ordinary)
    enough = good * 100 >= checklist.pass_percent * len(ordinary)
    return PracticalResult.PASSED if critical_ok and enough else PracticalResult.FAILED


def _row(item: ChecklistItem, judgement: Judgement) -> dict[str, object]:
    return {
        "text": item.text,
        "expected": item.expected,
        "is_critical": item.is_critical,
        "is_shown": judgement.is_shown,
        "remark": judgement.remark.strip()[:300],
    }
