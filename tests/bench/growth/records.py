"""Records of the growth data: schemes, ten ledger entries a person, certificates, evidence, cards."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone

from certification.certificates.short_numbers import new_short_number
from certification.enums import AttemptState, EntryKind, PracticalResult
from certification.models import (
    ApprovedVersion,
    Attempt,
    Certificate,
    Checklist,
    LedgerEntry,
    PracticalAssessment,
    QuestionBank,
    Quiz,
    Requirement,
    Scheme,
    SchemeScope,
    SchemeTask,
    StatutoryCertificate,
)
from certification.versions.queries import version_in_effect
from courses.models import TrainingModule
from portal.enums import Task
from portal.models import EquipmentCategory, Person, StatutoryKind
from tests.bench.growth.places import Ground, create, next_key

SCHEMES_A_PERSON = 3
MINUTES = 240
# What became of each of the three, in the order it was recorded: ten entries altogether.
LIVES = (
    (EntryKind.GRANTED, EntryKind.RENEWED, EntryKind.RENEWED, EntryKind.RENEWED),
    (EntryKind.GRANTED, EntryKind.SUSPENDED, EntryKind.REINSTATED),
    (EntryKind.GRANTED, EntryKind.REVOKED, EntryKind.GRANTED),
)
EVERY = dt.timedelta(days=180)
LASTS = dt.timedelta(days=730)


@dataclass(frozen=True)
class Asked:
    """A scheme with the versions its evidence rests on."""

    scheme: Scheme
    version: ApprovedVersion
    module: TrainingModule | None
    quiz: Quiz | None
    quiz_version: ApprovedVersion | None
    checklist: Checklist
    checklist_version: ApprovedVersion


def add_schemes(ground: Ground) -> list[Asked]:
    """Add a scheme for each category with a module, a quiz and a checklist of its own, as those of the demo."""
    found = [_scheme(index, category) for index, category in enumerate(ground.categories)]
    SchemeTask.objects.bulk_create(
        SchemeTask(scheme=asked.scheme, task=task) for asked in found for task in (Task.MAINTAIN, Task.REPAIR)
    )
    return found


def _scheme(index: int, category: EquipmentCategory) -> Asked:
    scheme = Scheme.objects.create(code=f"GS-{index:03}", name=f"设备类别 {index:03} 维修资格", valid_months=24)
    SchemeScope.objects.create(scheme=scheme, category=category)
    module = TrainingModule.objects.create(
        code=f"GT-{index:03}", title=f"设备类别 {index:03} 培训", category=category, minutes=MINUTES
    )
    bank = QuestionBank.objects.create(code=f"GB-{index:03}", name=f"设备类别 {index:03} 题库", category=category)
    quiz = Quiz.objects.create(code=f"GQ-{index:03}", title=f"设备类别 {index:03} 理论考试", bank=bank)
    checklist = Checklist.objects.create(code=f"GC-{index:03}", title=f"设备类别 {index:03} 实操", category=category)
    Requirement.objects.bulk_create(
        [
            Requirement(scheme=scheme, kind="hours", module=module, minutes=MINUTES),
            Requirement(scheme=scheme, kind="quiz", quiz=quiz, order=1),
            Requirement(scheme=scheme, kind="practical", checklist=checklist, order=2),
        ]
    )
    return Asked(scheme, _approved(scheme), module, quiz, _approved(quiz), checklist, _approved(checklist))


def _approved(record: Model) -> ApprovedVersion:
    author = Person.objects.get(staff_number="S001")
    label = record._meta.label_lower
    return ApprovedVersion.objects.create(
        record_label=label, record_id=record.pk, number=1, content={}, approved_by=author
    )


def condition() -> Asked:
    """Return the demo's condition, which every technical engineer must hold."""
    scheme = Scheme.objects.get(code="CS-SQ")
    checklist = scheme.requirements.get().checklist
    return Asked(scheme, version_in_effect(scheme), None, None, None, checklist, version_in_effect(checklist))


def asked_of(person: int, schemes: list[Asked]) -> list[Asked]:
    """Return the schemes this person holds or held: two of machines, and nine of ten the condition."""
    own = [schemes[(person + 7 * place) % (len(schemes) - 1)] for place in range(SCHEMES_A_PERSON - 1)]
    return [*own, schemes[-1] if person % 10 else schemes[(person + 14) % (len(schemes) - 1)]]


def add_records(ground: Ground, schemes: list[Asked]) -> dict[str, int]:
    """Add ledger, certificates, attempts, practicals and cards; return how many of each."""
    schemes = [*schemes, condition()]
    written = {"ledger entries": create(_entries(ground, schemes))}
    written["certificates"] = create(_certificates(ground, schemes))
    written["attempts"] = create(_attempts(ground, schemes))
    written["practicals"] = create(_practicals(ground, schemes))
    written["cards"] = create(_cards(ground))
    return written


def _entries(ground: Ground, schemes: list[Asked]) -> Iterator[LedgerEntry]:
    key, now = next_key(LedgerEntry), timezone.now()
    for person in ground.people:
        for asked, life in zip(asked_of(person, schemes), LIVES, strict=True):
            for step, kind in enumerate(life):
                recorded = now - EVERY * (len(life) - step) - dt.timedelta(days=person % 90)
                day = recorded.date()
                grants = kind in (EntryKind.GRANTED, EntryKind.RENEWED)
                yield LedgerEntry(
                    pk=key,
                    person_id=person,
                    scheme=asked.scheme,
                    kind=kind,
                    valid_from=day,
                    valid_to=day + LASTS if grants else None,
                    scheme_version=asked.version if grants else None,
                    reason="" if grants or kind == EntryKind.REINSTATED else "年度检查",
                    recorded_at=recorded,
                    act_key=f"growth:{key}",
                )
                key += 1


def _certificates(ground: Ground, schemes: list[Asked]) -> Iterator[Certificate]:
    """A certificate for the last grant or renewal of each scheme."""
    each = sum(len(life) for life in LIVES)
    first = next_key(LedgerEntry) - each * len(ground.people)
    for index, person in enumerate(ground.people):
        key = first + each * index
        for asked, life in zip(asked_of(person, schemes), LIVES, strict=True):
            last = max(step for step, kind in enumerate(life) if kind in (EntryKind.GRANTED, EntryKind.RENEWED))
            day = timezone.localdate() - EVERY * (len(life) - last)
            yield Certificate(
                number=f"GROWTH-{key + last}",
                short_number=new_short_number(),
                entry_id=key + last,
                person_id=person,
                scheme=asked.scheme,
                issued_on=day,
                valid_to=day + LASTS,
                score=90,
                minutes=480,
            )
            key += len(life)


def _attempts(ground: Ground, schemes: list[Asked]) -> Iterator[Attempt]:
    now = timezone.now()
    for person in ground.people:
        asked = asked_of(person, schemes)[0]
        for number, score in enumerate((60, 90), start=1):
            started = now - dt.timedelta(days=800 - 10 * number)
            yield Attempt(
                quiz=asked.quiz,
                person_id=person,
                number=number,
                state=AttemptState.SUBMITTED,
                seed=person,
                started_at=started,
                deadline=started + dt.timedelta(minutes=30),
                closed_at=started + dt.timedelta(minutes=20),
                quiz_version=asked.quiz_version,
                pass_mark=80,
                score=score,
                is_passed=score >= 80,
            )


def _practicals(ground: Ground, schemes: list[Asked]) -> Iterator[PracticalAssessment]:
    """Nineteen of twenty passed their practical."""
    assessor, now = Person.objects.get(staff_number="A001"), timezone.now() - dt.timedelta(days=750)
    for person in ground.people:
        if person % 20:
            asked = asked_of(person, schemes)[0]
            yield PracticalAssessment(
                person_id=person,
                checklist=asked.checklist,
                checklist_version=asked.checklist_version,
                assessor=assessor,
                assessed_on=now.date(),
                result=PracticalResult.PASSED,
                rows=[],
                signed_at=now,
                form_key=uuid.uuid4(),
            )


def _cards(ground: Ground) -> Iterator[StatutoryCertificate]:
    kinds, today = list(StatutoryKind.objects.order_by("pk")), timezone.localdate()
    for person in ground.people[::2]:
        start = today - dt.timedelta(days=person % 900)
        yield StatutoryCertificate(
            person_id=person,
            kind=kinds[person % len(kinds)],
            number=f"GC{person:08}",
            valid_from=start,
            valid_to=start + dt.timedelta(days=1095),
        )
