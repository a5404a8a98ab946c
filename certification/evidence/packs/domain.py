"""Draw samples, have their packs made in the background, forget them."""

import logging
import secrets
from collections.abc import Collection, Iterator
from functools import partial
from random import Random

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from certification.enums import SampleState
from certification.evidence.packs.asked import Asked
from certification.evidence.packs.errors import NobodyToDraw
from certification.evidence.packs.facts import pack_facts, schemes_about
from certification.evidence.packs.files import pack_files, signed_zip
from certification.models import EvidenceSample, LedgerEntry
from certification.permissions import evidence_open_to
from portal.access import audit
from portal.enums import Task
from portal.models import Person

logger = logging.getLogger(__name__)
KEPT_DAYS = 90
# Small enough to be read out and typed.
SEEDS = 1_000_000_000


def make_pack(person: Person, asked: Asked, *, by: Person) -> bytes:
    """Return the signed pack of one person, and record that it was made."""
    content = signed_zip(pack_files(pack_facts(person, asked, by)).items())
    audit.record(
        "certification.pack_made",
        person,
        actor=by,
        equipment=asked.equipment.code,
        task=asked.task.value,
        on=asked.on.isoformat(),
        known_at=asked.known_at.isoformat(),
    )
    return content


def draw(candidates: list[str], size: int, seed: int) -> list[str]:
    """Return ``size`` of the candidates, drawn by ``seed`` from their sorted list."""
    sorted_ones = sorted(candidates)
    return sorted(Random(seed).sample(sorted_ones, min(size, len(sorted_ones))))  # noqa: S311


@transaction.atomic
def ask_for_sample(asked: Asked, size: int, *, by: Person, seed: int | None = None) -> EvidenceSample:
    """Draw people among those who had an entry for this work on record, and queue their packs.

    Raises:
        NobodyToDraw: there is nobody.
    """
    entries = LedgerEntry.objects.filter(scheme__in=schemes_about(asked), recorded_at__lte=asked.known_at)
    found = evidence_open_to(by).filter(pk__in=entries.order_by().values("person"))
    candidates = list(found.order_by("staff_number").values_list("staff_number", flat=True))
    if not candidates:
        raise NobodyToDraw
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    sample = EvidenceSample.objects.create(
        asked_by=by,
        equipment=asked.equipment,
        task=asked.task,
        on=asked.on,
        known_at=asked.known_at,
        size=size,
        seed=seed,
        candidates=len(candidates),
        drawn=draw(candidates, size, seed),
    )
    audit.record("certification.sample_drawn", sample, actor=by, seed=seed, people=sample.drawn)
    return sample


def make_sample(pk: int) -> bool:
    """Make the file of a sample that is not ready; return whether it was made. Run again, it begins anew."""
    unmade = EvidenceSample.objects.filter(pk=pk).exclude(state=SampleState.READY)
    if not unmade.update(state=SampleState.WORKING):
        return False
    sample = EvidenceSample.objects.select_related("asked_by", "equipment__category").get(pk=pk)
    try:
        content = signed_zip(_files(sample))
    except Exception:
        give_up(pk)
        logger.exception("Evidence sample %s could not be made", pk)
        return False
    with transaction.atomic():
        locked = EvidenceSample.objects.select_for_update().get(pk=pk)
        if locked.state == SampleState.READY:
            return False
        locked.file.save("sample.zip", ContentFile(content), save=False)
        locked.state, locked.made_at = SampleState.READY, timezone.now()
        locked.save()
    return True


def give_up(pk: int) -> None:
    """Say that a sample was not made."""
    EvidenceSample.objects.filter(pk=pk).exclude(state=SampleState.READY).update(state=SampleState.FAILED)


def forget_samples(keys: Collection[int]) -> None:
    """Delete samples with their files."""
    for sample in EvidenceSample.objects.filter(pk__in=keys):
        if sample.file:
            transaction.on_commit(partial(sample.file.storage.delete, sample.file.name))
        sample.delete()


def asked_in(sample: EvidenceSample) -> Asked:
    """Return what a sample asks about each of its people."""
    return Asked(sample.equipment, Task(sample.task), sample.on, sample.known_at)


def _files(sample: EvidenceSample) -> Iterator[tuple[str, bytes]]:
    people = Person.objects.filter(staff_number__in=sample.drawn).order_by("staff_number")
    for person in people:
        facts = pack_facts(person, asked_in(sample), sample.asked_by)
        facts["sample"] = {"seed": sample.seed, "size": sample.size, "candidates": sample.candidates}
        for name, content in pack_files(facts).items():
            yield f"{person.staff_number}/{name}", content
