"""Sign practical assessments: once, by an appointed assessor, with the checklist's wording kept."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.enums import PracticalResult
from certification.errors import ActKeyTaken
from certification.models import Checklist, ChecklistItem, PracticalAssessment, PracticalPhoto
from certification.models.versions import ApprovedVersion
from certification.practicals.assessors import check_assessor
from certification.practicals.errors import IncompleteChecklist, MissingRemark, SignatureMissing
from certification.practicals.photos import hash_of_photo
from certification.practicals.signatures import Strokes
from certification.versions.errors import ChangedSince
from certification.versions.queries import has_changed, version_in_effect
from portal.access import audit
from portal.models import Person, PortalDocument

# As much of a remark is kept with its row.
LONGEST_REMARK = 300


@dataclass(frozen=True)
class Judgement:
    """What the assessor saw of one item.

    Args:
        remark: what was seen; an item that was not done properly needs one.
        photos: taken of it, as :func:`certification.practicals.photos.add_photo` kept them.
    """

    is_shown: bool
    remark: str = ""
    photos: Sequence[PortalDocument] = ()


@dataclass(frozen=True)
class Acknowledgement:
    """The candidate's hand below the checklist, or why there is none; kept where the checklist asks for it."""

    strokes: Strokes = field(default_factory=list)
    unsigned_because: str = ""


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
    acknowledgement: Acknowledgement | None = None,
    assessed_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> PracticalAssessment:
    """Sign the checklist; the certificate follows when nothing else is missing.

    Args:
        judgements: by primary key of the checklist's items, all of them.
        form_key: made by the form; a second post returns the first one's record.
        version: number of the checklist's version that was looked at; the one in effect when left out.
        assessed_on, at: day and moment, now by default; earlier ones are for imports and demo data.

    Raises:
        NotAllowed, FutureAssessment: of ``assessors.check_assessor``, which names the cases; the day is still to come.
        IncompleteChecklist, MissingRemark: an item was not judged, or not done properly and nothing says what.
        SignatureMissing, ActKeyTaken: neither a signature nor a reason is given; the key is another assessment's.
        ChangedSince, NotApprovedYet: another version took effect since it was looked at, or none ever did.
    """
    at = at or timezone.now()
    day = assessed_on or timezone.localdate(at)
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    if signed := _signed_before(form_key, assessor, person, checklist):
        return signed
    checklist, in_effect = _checklist_looked_at(checklist, version)
    check_assessor(assessor, person, checklist, day, at)
    items = _judged_items(checklist, judgements)
    practical = PracticalAssessment(
        person=person, checklist=checklist, assessor=assessor, assessed_on=day, signed_at=at, form_key=form_key
    )
    practical.checklist_version, practical.changed_checklist = in_effect, has_changed(person, in_effect)
    practical.remark = remark.strip()
    _write_rows(practical, items, judgements, _acknowledged(checklist, person, acknowledgement or Acknowledgement()))
    if practical.result == PracticalResult.PASSED:
        award_after(person, checklist=checklist, at=at)
    return practical


def _write_rows(
    practical: PracticalAssessment,
    items: list[ChecklistItem],
    judgements: Mapping[int, Judgement],
    hand: Acknowledgement,
) -> None:
    """Write what was judged in the words that are signed, its result, and keep the photos with it; the log has it."""
    practical.signature, practical.unsigned_because = hand.strokes, hand.unsigned_because
    practical.result = result_of(practical.checklist, items, judgements)
    practical.rows = [_row(item, judgements[item.pk]) for item in items]
    practical.save()
    _keep_photos(practical, items, judgements)
    about = {"person": practical.person_id, "checklist": practical.checklist.code, "result": practical.result}
    act = "certification.practical_signed"
    audit.record(act, practical, actor=practical.assessor, remark=practical.remark, **about)


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


def _judged_items(checklist: Checklist, judgements: Mapping[int, Judgement]) -> list[ChecklistItem]:
    """Return the items of the checklist, each of which has its judgement."""
    items = list(checklist.items.select_related("chapter__edition__manual", "article"))
    open_items = [item for item in items if item.pk not in judgements]
    if open_items:
        raise IncompleteChecklist(count=len(open_items))
    unsaid = unsaid_of(items, judgements)
    if unsaid:
        raise MissingRemark(items="；".join(item.text for item in unsaid))
    return items


def unsaid_of(items: Sequence[ChecklistItem], judgements: Mapping[int, Judgement]) -> list[ChecklistItem]:
    """Return the items that were not done properly without a word about what was seen."""
    return [item for item in items if not judgements[item.pk].is_shown and not judgements[item.pk].remark.strip()]


def _acknowledged(checklist: Checklist, person: Person, given: Acknowledgement) -> Acknowledgement:
    """Return what of the candidate's acknowledgement is kept: the hand, or else the reason why there is none."""
    if not checklist.asks_signature:
        return Acknowledgement()
    if given.strokes:
        return Acknowledgement(given.strokes)
    if not given.unsigned_because.strip():
        raise SignatureMissing(person=person.name)
    return Acknowledgement(unsigned_because=given.unsigned_because.strip())


def _keep_photos(
    practical: PracticalAssessment, items: list[ChecklistItem], judgements: Mapping[int, Judgement]
) -> None:
    PracticalPhoto.objects.bulk_create(
        PracticalPhoto(practical=practical, row=row, document=photo)
        for row, item in enumerate(items)
        for photo in judgements[item.pk].photos
    )


def result_of(checklist: Checklist, items: list[ChecklistItem], judgements: Mapping[int, Judgement]) -> PracticalResult:
    """Return passed when every critical item was shown and at least ``checklist.pass_percent`` of the others."""
    shown = {item.pk for item in items if judgements[item.pk].is_shown}
    ordinary = [item for item in items if not item.is_critical]
    critical_ok = all(item.pk in shown for item in items if item.is_critical)
    good = sum(item.pk in shown for item in ordinary)
    enough = good * 100 >= checklist.pass_percent * len(ordinary)
    return PracticalResult.PASSED if critical_ok and enough else PracticalResult.FAILED


def _row(item: ChecklistItem, judgement: Judgement) -> dict[str, object]:
    row: dict[str, object] = {
        "text": item.text,
        "expected": item.expected,
        "is_critical": item.is_critical,
        "is_shown": judgement.is_shown,
        "remark": judgement.remark.strip()[:LONGEST_REMARK],
        "photos": [hash_of_photo(photo) for photo in judgement.photos],
    }
    if item.chapter is not None:
        row["section"] = {"chapter": item.chapter.pk, "says": item.chapter.citation}
    elif item.article is not None:
        row["section"] = {"article": item.article.pk, "says": str(item.article)}
    return row
