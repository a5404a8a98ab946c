"""Bring demo people to every stage of certification through the domain functions, with backdated moments.

Trainers have no hours of their own modules: their qualification is recognised from earlier records, as an organisation
does when it starts with the portal.
"""

import datetime as dt
import math
import uuid
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification import ledger
from certification.certificates.domain import issue
from certification.countersignatures.domain import check_signer, countersign
from certification.countersignatures.queries import pending_of
from certification.models import Attempt, Checklist, Choice, LedgerEntry, Quiz, Requirement, Scheme
from certification.practicals.assessors import may_assess
from certification.practicals.domain import Acknowledgement, Judgement, sign_practical
from certification.practicals.signatures import HEIGHT, Strokes
from certification.quizzes.attempts import save_answers, start_attempt, submit_attempt
from certification.requirements.manual import KIND as MANUAL
from certification.requirements.practical import KIND as PRACTICAL
from certification.requirements.quiz import KIND as QUIZ
from certification.revisions.domain import confirm_manual
from kb.manuals.domain import current_edition
from portal.enums import Role
from portal.errors import DomainError
from portal.models import Person
from portal.registry.demo import data

# Days before a suspension or revocation on which the certificate had been granted; less for short validities, so that
# it would still stand today.
HELD_BEFORE = 386
MARGIN = 60
HELD = ("certified", "expiring", "expired")
TAKEN: dict[str, Any] = {"suspended": ledger.suspend, "revoked": ledger.revoke}
VOUCHED = "现场口头提问并复做一遍实操，能独立完成。"


@dataclass(frozen=True)
class Case:
    """One person and one scheme at a stage."""

    person: Person
    scheme: Scheme
    stage: str
    days_ago: int
    #: Why a qualification was taken away; of a revoked one also what the public reads.
    reason: str = ""
    public: str = ""

    def moment(self, days_ago: int, hour: int, minute: int = 0) -> dt.datetime:
        """Return a moment so many days ago."""
        day = timezone.localdate() - dt.timedelta(days=days_ago)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))

    def requirement(self, kind: str) -> Requirement | None:
        """Return the scheme's requirement of a kind."""
        return (
            self.scheme.requirements.filter(kind=kind).select_related("quiz", "manual", "checklist__category").first()
        )


@transaction.atomic
def load_stages() -> dict[str, int]:
    """Bring everybody to their stages, the earliest first."""
    cases = [case for case in _cases() if not _is_loaded(case)]
    for case in sorted(cases, key=lambda case: -_begun(case)):
        _bring(case)
    return {"stages": len(cases)}


def _cases() -> list[Case]:
    people = {person.staff_number: person for person in Person.objects.select_related("organisation")}
    schemes = {scheme.code: scheme for scheme in Scheme.objects.all()}
    held = [
        Case(people[number], schemes[row["code"]], "certified", days_ago)
        for row in data("schemes")["schemes"]
        for number, days_ago in row.get("held_by", {}).items()
        if number in people
    ]
    return held + [
        Case(
            people[row["staff_no"]],
            schemes[stage["scheme"]],
            stage["stage"],
            stage["days_ago"],
            stage.get("reason", ""),
            stage.get("public", ""),
        )
        for row in data("people")["people"]
        for stage in row["stages"]
        if stage["stage"] not in ("not_started", "learning")
    ]


def _is_loaded(case: Case) -> bool:
    quiz = case.requirement(QUIZ.key)
    tried = quiz is not None and Attempt.objects.filter(person=case.person, quiz=quiz.quiz).exists()
    return tried or LedgerEntry.objects.filter(person=case.person, scheme=case.scheme).exists()


def _begun(case: Case) -> int:
    if case.stage not in TAKEN:
        return case.days_ago
    return min(case.days_ago + HELD_BEFORE, case.scheme.valid_months * 30 - MARGIN)


def _bring(case: Case) -> None:
    if case.stage == "quiz_failed":
        _sit(case, case.moment(case.days_ago, 10), passing=False)
        return
    if case.stage == "awaiting_practical":
        _sit(case, case.moment(case.days_ago, 10), passing=True)
        return
    _hold(case, _begun(case))
    if case.stage == "expired":
        ledger.lapse(case.person, case.scheme)
    elif case.stage in TAKEN:
        said = {"public": case.public} if case.stage == "revoked" else {}
        TAKEN[case.stage](
            case.person,
            case.scheme,
            reason=case.reason,
            act_key=_key(case, case.stage),
            by=_manager(case.person),
            at=case.moment(case.days_ago, 16),
            **said,
        )


def _hold(case: Case, days_ago: int) -> None:
    """Let the person earn the qualification that day, or recognise it."""
    attempted = _sit(case, case.moment(days_ago, 10), passing=True)
    practical = case.requirement(PRACTICAL.key)
    if attempted and practical is not None:
        _sign(case, practical.checklist, case.moment(days_ago, 14))
    _countersign(case, case.moment(days_ago, 15))
    if not LedgerEntry.objects.filter(person=case.person, scheme=case.scheme).exists():
        at = case.moment(days_ago, 17)
        proof = {"recognised": data("people")["recognised"]}
        entry = ledger.grant(case.person, case.scheme, act_key=_key(case, "recognised"), evidence=proof, at=at)
        issue(entry)


def _sit(case: Case, at: dt.datetime, *, passing: bool) -> bool:
    """Sit the quiz; return False where it may not be started (no hours on record)."""
    requirement = case.requirement(QUIZ.key)
    if requirement is None:
        return False
    quiz: Quiz = requirement.quiz
    _read(case, at)
    seed = uuid.uuid5(uuid.NAMESPACE_OID, _key(case, "paper")).int % 2**62
    try:
        attempt = start_attempt(case.person, quiz, at=at, seed=seed)
    except DomainError:
        return False
    _answer(attempt, Random(seed), passing=passing, at=at)  # noqa: S311
    submit_attempt(attempt, at=at + dt.timedelta(minutes=quiz.minutes) / 2)
    return True


def _read(case: Case, at: dt.datetime) -> None:
    """Let the person have read, an hour before, what the scheme asks to read."""
    asked = case.requirement(MANUAL.key)
    edition = current_edition(asked.manual) if asked else None
    if edition is not None:
        key = uuid.uuid5(uuid.NAMESPACE_OID, _key(case, "reading"))
        confirm_manual(edition, person=case.person, form_key=key, at=at - dt.timedelta(hours=1))


def _answer(attempt: Attempt, random: Random, *, passing: bool, at: dt.datetime) -> None:
    """Answer nearly all rightly, or just too few."""
    shown = list(attempt.questions.all())
    total = len(shown)
    needed = -(-attempt.pass_mark * total // 100)
    right = random.randint(needed, total) if passing else max(needed - 1 - random.randint(0, 1), 0)
    correct = set(
        Choice.objects.filter(version__in=[row.version_id for row in shown], is_correct=True).values_list(
            "pk", flat=True
        )
    )
    picked = {}
    for number, row in enumerate(shown):
        wanted = [position for position, key in enumerate(row.choice_order) if (key in correct) == (number < right)]
        picked[row.order] = wanted if number < right else wanted[:1]
    save_answers(attempt, picked, at=at + dt.timedelta(minutes=5))


def _sign(case: Case, checklist: Checklist, at: dt.datetime) -> None:
    """Let another assessor of the network sign a passed checklist."""
    root = case.person.organisation.get_root()
    assessors = Person.objects.filter(groups__name=Role.ASSESSOR, organisation__path__startswith=root.path)
    for assessor in assessors.exclude(pk=case.person.pk).order_by("staff_number"):
        if may_assess(assessor, checklist, timezone.localdate(at)):
            judgements: dict[int, Any] = {item.pk: Judgement(True) for item in checklist.items.all()}
            sign_practical(
                assessor,
                case.person,
                checklist,
                judgements,
                acknowledgement=Acknowledgement(_hand(case.person)),
                form_key=uuid.uuid5(uuid.NAMESPACE_OID, _key(case, "practical")),
                at=at,
            )
            return


def _hand(person: Person) -> Strokes:
    """Return a signature made up for a person: a wave a character of the name, another for each person."""
    middle, swing = HEIGHT // 2, 40 + person.pk % 50
    strokes = []
    for at in range(min(len(person.name), 3)):
        points = [(60 + 260 * at + 16 * step, middle + round(swing * math.sin(step * (2 + at)))) for step in range(12)]
        strokes.append([number for point in points for number in point])
    return strokes


def _countersign(case: Case, at: dt.datetime) -> None:
    """Counter-sign as another assessor for people who keep questions or wrote the rules, as the portal requires."""
    pending = pending_of(case.person, case.scheme, at)
    if pending is None:
        return
    root = case.person.organisation.get_root()
    assessors = Person.objects.filter(groups__name=Role.ASSESSOR, organisation__path__startswith=root.path)
    for signer in assessors.exclude(pk=case.person.pk).order_by("staff_number"):
        try:
            check_signer(signer, case.person, case.scheme, pending, timezone.localdate(at))
        except DomainError:
            continue
        key = uuid.uuid5(uuid.NAMESPACE_OID, _key(case, "countersignature"))
        countersign(signer, case.person, case.scheme, remark=VOUCHED, mark=pending.mark, form_key=key, at=at)
        return


def _manager(person: Person) -> Person | None:
    """Return the manager of the person's branch."""
    home = person.organisation
    managers = Person.objects.filter(groups__name=Role.MANAGER).select_related("organisation")
    return next((m for m in managers if home.path.startswith(m.organisation.path)), None)


def _key(case: Case, act: str) -> str:
    return f"demo:{act}:{case.person.staff_number}:{case.scheme.code}"
