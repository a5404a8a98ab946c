"""Checklists that were begun: kept on the server as they are filled in, looked through before they are signed."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet

from certification.models import Checklist, PracticalAssessment, PracticalDraft, PracticalDraftPhoto
from certification.practicals.domain import Judgement
from certification.practicals.errors import NewerDraft
from certification.practicals.photos import remove_photo
from portal.models import Person
from portal.ui.stale import version_of

#: A checklist that was begun and left for so long is forgotten.
KEPT_FOR = dt.timedelta(days=90)
LONGEST_ANSWER = 2000


def draft_of(assessor: Person, person: Person, checklist: Checklist) -> PracticalDraft | None:
    """Return what ``assessor`` has begun to fill in for ``person``."""
    return PracticalDraft.objects.filter(assessor=assessor, person=person, checklist=checklist).first()


def begun_by(assessor: Person) -> QuerySet[PracticalDraft]:
    """Return the checklists ``assessor`` has begun and not signed, the latest first."""
    return PracticalDraft.objects.filter(assessor=assessor).select_related("person", "checklist")


@transaction.atomic
def keep_draft(
    assessor: Person,
    person: Person,
    checklist: Checklist,
    posted: Mapping[str, str],
    *,
    names: Iterable[str],
    looked_at: str = "",
) -> PracticalDraft:
    """Keep what the form holds, complete or not.

    Args:
        posted: the form as it was sent; only the fields in ``names`` are kept.
        looked_at: the hash of what is shown for a last look; empty when nothing is.
    """
    answers = _answers_of(posted, names)
    found, _created = PracticalDraft.objects.update_or_create(
        assessor=assessor, person=person, checklist=checklist, defaults={"answers": answers, "looked_at": looked_at}
    )
    return found


@transaction.atomic
def keep_late_draft(
    assessor: Person,
    person: Person,
    checklist: Checklist,
    posted: Mapping[str, str],
    *,
    names: Iterable[str],
    written_at: dt.datetime,
) -> PracticalDraft | None:
    """Keep what was filled in without a network and arrives now; nothing is kept of a checklist signed meanwhile.

    What arrived before, as a page does that is left, is known by what it says.

    Raises:
        NewerDraft: the checklist was gone on with elsewhere after this was written.
    """
    found = PracticalDraft.objects.select_for_update().filter(assessor=assessor, person=person, checklist=checklist)
    kept = found.first()
    names = list(names)
    if kept is not None and kept.saved_at > written_at:
        if kept.answers == _answers_of(posted, names):
            return kept
        raise NewerDraft(person=person.name)
    signed = PracticalAssessment.objects.filter(assessor=assessor, person=person, checklist=checklist)
    if signed.filter(signed_at__gt=written_at).exists():
        return None
    return keep_draft(assessor, person, checklist, posted, names=names)


def _answers_of(posted: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: posted[name][:LONGEST_ANSWER] for name in names if posted.get(name)}


def forget_draft(assessor: Person, person: Person, checklist: Checklist) -> None:
    """Delete the draft; the checklist is signed, and its photos are kept with it."""
    PracticalDraft.objects.filter(assessor=assessor, person=person, checklist=checklist).delete()


def forget_drafts(keys: Collection[int]) -> None:
    """Delete drafts that were left, with their photos."""
    left = PracticalDraft.objects.filter(pk__in=keys)
    for photo in PracticalDraftPhoto.objects.filter(draft__in=left).select_related("document"):
        remove_photo(photo)
    left.delete()


def hash_of(judgements: Mapping[int, Judgement], remark: str, version: int) -> str:
    """Return the hash of what somebody is about to sign."""
    told = {
        str(pk): [judgement.is_shown, judgement.remark.strip(), [photo.pk for photo in judgement.photos]]
        for pk, judgement in judgements.items()
    }
    return version_of({"judgements": told, "remark": remark.strip(), "version": version})


def was_looked_at(draft: PracticalDraft | None, seen: str, form_key: object) -> bool:
    """Whether exactly this was shown before; a second press of the button finds the signed record instead."""
    if draft is None:
        return PracticalAssessment.objects.filter(form_key=form_key).exists()
    return draft.looked_at == seen
