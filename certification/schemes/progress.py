"""What a person has shown of a scheme and what is missing, as typed reasons.

Evidence is counted for one round: after a grant, a renewal or a revocation it must be shown anew. So the same hours
never renew a qualification, and what was learned before a revocation does not undo it.
"""

import datetime as dt
from collections.abc import Iterable

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from certification.enums import EntryKind, ReasonCode, RequirementKind, Stage, Standing
from certification.ledger.standing import GRANTING, StandingOn, facts_known, standing
from certification.models import (
    Checklist,
    LedgerEntry,
    PracticalAssessment,
    Quiz,
    Requirement,
    Scheme,
    StatutoryCertificate,
    StatutoryKind,
)
from certification.requirements.countersignatures import countersignature_reasons
from certification.requirements.evidence import Evidence, evidence_of
from courses.models import TrainingModule
from portal.models import Person
from portal.registry.duty import Reason
from portal.templatetags.portal_format import hours

REQUIREMENT_RELATIONS = ("module", "quiz", "checklist", "statutory_kind")
IN_HOUSE = frozenset({RequirementKind.HOURS, RequirementKind.QUIZ, RequirementKind.PRACTICAL})


def progress(
    person: Person, scheme: Scheme, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> list[Reason]:
    """Return each requirement of ``scheme`` as a reason, met or not, on ``on`` as known at ``known_at``.

    The order is that of the requirements. Times default to now.
    """
    known_at = known_at or timezone.now()
    evidence = evidence_of([person.pk], [scheme.pk])[person.pk]
    return progress_from(evidence, scheme, on or timezone.localdate(known_at), known_at)


def progress_from(evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> list[Reason]:
    """Answer from evidence already loaded; ``scheme.requirements`` should be prefetched."""
    since = round_began(evidence.entries[scheme.pk], known_at)
    reasons = [
        requirement_reason(requirement, evidence, on, known_at, since) for requirement in requirements_of(scheme)
    ]
    return reasons + (countersignature_reasons(evidence, scheme, reasons, known_at) if is_complete(reasons) else [])


def requirements_of(scheme: Scheme) -> list[Requirement]:
    """Return the requirements with what they name, loaded once a scheme."""
    cache = getattr(scheme, "_loaded_requirements", None)
    if cache is None:
        cache = list(scheme.requirements.select_related(*REQUIREMENT_RELATIONS).order_by("order", "pk"))
        scheme._loaded_requirements = cache  # type: ignore[attr-defined]
    return cache


def load_requirements(schemes: Iterable[Scheme]) -> list[Scheme]:
    """Return ``schemes`` as a list with all requirements loaded in one query."""
    listed = list(schemes)
    by_scheme: dict[int, list[Requirement]] = {scheme.pk: [] for scheme in listed}
    found = Requirement.objects.filter(scheme__in=by_scheme).select_related(*REQUIREMENT_RELATIONS)
    for requirement in found.order_by("order", "pk"):
        by_scheme[requirement.scheme_id].append(requirement)
    for scheme in listed:
        scheme._loaded_requirements = by_scheme[scheme.pk]  # type: ignore[attr-defined]
    return listed


def round_began(entries: Iterable[LedgerEntry], known_at: dt.datetime) -> dt.datetime | None:
    """Return the moment from which evidence counts: the last grant, renewal or revocation; None for the first round."""
    facts = facts_known(entries, known_at)
    turning = [fact.root.recorded_at for fact in facts if fact.kind in GRANTING or fact.kind == EntryKind.REVOKED]
    return max(turning, default=None)


def is_complete(reasons: Iterable[Reason]) -> bool:
    """Whether every in-house requirement is met, and counter-signed where that is asked for.

    A statutory card is checked on the day of duty, not at the grant.
    """
    reasons = list(reasons)
    if any(reason.code == ReasonCode.COUNTERSIGNATURE_MISSING for reason in reasons):
        return False
    in_house = [reason for reason in reasons if reason.params.get("kind") in IN_HOUSE]
    return bool(in_house) and all(reason.met for reason in in_house)


def requirement_reason(
    requirement: Requirement,
    evidence: Evidence,
    on: dt.date,
    known_at: dt.datetime,
    since: dt.datetime | None,
) -> Reason:
    """Return one requirement as a reason.

    Raises:
        ValueError: the requirement names nothing, which the database does not let happen.
    """
    match requirement.kind:
        case RequirementKind.HOURS if requirement.module and requirement.minutes:
            done = evidence.minutes(requirement.module.pk, on, known_at, since)
            return _hours(requirement, requirement.module, requirement.minutes, done)
        case RequirementKind.QUIZ if requirement.quiz:
            return _quiz(requirement, requirement.quiz, evidence, on, known_at, since)
        case RequirementKind.PRACTICAL if requirement.checklist:
            signed = evidence.signed_practical(requirement.checklist.pk, on, known_at, since)
            return _practical(requirement, requirement.checklist, signed)
        case RequirementKind.STATUTORY if requirement.statutory_kind:
            return _statutory(requirement, requirement.statutory_kind, evidence, on, known_at)
    raise ValueError(f"{requirement} names nothing")


def day_text(day: dt.date | None) -> str:
    """Write a day as people read it: 2026年3月18日; nothing for none."""
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def _reason(code: ReasonCode, met: bool, message: str, requirement: Requirement, **params: object) -> Reason:
    facts = {"requirement": requirement.pk, "kind": requirement.kind, **params}
    return Reason(code=code.value, message=message, met=met, params=facts)


def _hours(requirement: Requirement, module: TrainingModule, wanted: int, done: int) -> Reason:
    facts = {"module": module.title, "done": hours(done), "wanted": hours(wanted)}
    params = {"module": module.code, "done": done, "wanted": wanted, "missing": max(wanted - done, 0)}
    if done >= wanted:
        message = _("%(module)s: %(done)s of %(wanted)s done") % facts
        return _reason(ReasonCode.HOURS_MET, True, message, requirement, **params)
    message = _("Hours missing: %(missing)s more of %(module)s (%(done)s of %(wanted)s done)") % (
        facts | {"missing": hours(wanted - done)}
    )
    return _reason(ReasonCode.HOURS_MISSING, False, message, requirement, **params)


def _quiz(
    requirement: Requirement,
    quiz: Quiz,
    evidence: Evidence,
    on: dt.date,
    known_at: dt.datetime,
    since: dt.datetime | None,
) -> Reason:
    passed = evidence.passed_quiz(quiz.pk, on, known_at, since)
    facts = {"quiz": quiz.title, "mark": quiz.pass_mark}
    params = {"quiz": quiz.code, "pass_mark": quiz.pass_mark}
    if passed is not None:
        message = _("%(quiz)s passed with %(score)s points") % (facts | {"score": passed.score})
        return _reason(
            ReasonCode.QUIZ_PASSED, True, message, requirement, score=passed.score, attempt=passed.pk, **params
        )
    tries = evidence.scores(quiz.pk, on, known_at, since)
    if tries:
        best = max(tries)
        message = _("%(quiz)s not passed: best result %(score)s, %(mark)s needed") % (facts | {"score": best})
        return _reason(ReasonCode.QUIZ_NOT_PASSED, False, message, requirement, score=best, tries=len(tries), **params)
    message = _("%(quiz)s not passed yet (%(mark)s points needed)") % facts
    return _reason(ReasonCode.QUIZ_NOT_PASSED, False, message, requirement, tries=0, **params)


def _practical(requirement: Requirement, checklist: Checklist, signed: PracticalAssessment | None) -> Reason:
    params = {"checklist": checklist.code}
    if signed is not None:
        message = _("%(checklist)s signed by %(assessor)s on %(day)s") % {
            "checklist": checklist.title,
            "assessor": signed.assessor.name,
            "day": day_text(signed.assessed_on),
        }
        return _reason(ReasonCode.PRACTICAL_SIGNED, True, message, requirement, practical=signed.pk, **params)
    message = _("%(checklist)s not signed by an assessor") % {"checklist": checklist.title}
    return _reason(ReasonCode.PRACTICAL_NOT_SIGNED, False, message, requirement, **params)


def _statutory(
    requirement: Requirement, kind: StatutoryKind, evidence: Evidence, on: dt.date, known_at: dt.datetime
) -> Reason:
    params: dict[str, object] = {"statutory_kind": kind.code}
    cards = [card for card in evidence.cards(kind.pk, known_at) if card.valid_from <= on]
    standing_cards = [card for card in cards if not _is_withdrawn(card, on, known_at)]
    for card in standing_cards:
        if on <= card.last_day:
            message = _("%(kind)s valid until %(day)s") % {"kind": kind.name, "day": day_text(card.last_day)}
            params |= {"number": card.number, "valid_to": card.last_day.isoformat()}
            return _reason(ReasonCode.STATUTORY_VALID, True, message, requirement, **params)
    if standing_cards:
        card = standing_cards[0]
        text = (
            _("Statutory certificate expired: %(kind)s was valid until %(day)s")
            if on > card.valid_to
            else _("Statutory certificate not re-examined: %(kind)s was due on %(day)s")
        )
        message = text % {"kind": kind.name, "day": day_text(card.last_day)}
        params["valid_to"] = card.last_day.isoformat()
        return _reason(ReasonCode.STATUTORY_EXPIRED, False, message, requirement, **params)
    message = _("Statutory certificate missing: %(kind)s") % {"kind": kind.name}
    return _reason(ReasonCode.STATUTORY_MISSING, False, message, requirement, **params)


def _is_withdrawn(card: StatutoryCertificate, on: dt.date, known_at: dt.datetime) -> bool:
    day, moment = card.withdrawn_on, card.withdrawn_recorded_at
    return day is not None and moment is not None and day <= on and moment <= known_at


def stage_of(
    evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime, expiring_days: int
) -> tuple[Stage, StandingOn, list[Reason]]:
    """Return how far the person is with the scheme, where it stands, and the reasons."""
    where = standing(evidence.entries[scheme.pk], on, known_at, expiring_days=expiring_days)
    reasons = progress_from(evidence, scheme, on, known_at)
    if where.standing != Standing.NONE:
        return Stage(where.standing.value), where, reasons
    return _stage_before_grant(reasons), where, reasons


def _stage_before_grant(reasons: list[Reason]) -> Stage:
    by_kind: dict[str, list[Reason]] = {}
    for reason in reasons:
        by_kind.setdefault(reason.params["kind"], []).append(reason)
    if any(reason.code == ReasonCode.COUNTERSIGNATURE_MISSING for reason in reasons):
        return Stage.AWAITING_COUNTERSIGNATURE
    hours_reasons = by_kind.get(RequirementKind.HOURS, [])
    quizzes = by_kind.get(RequirementKind.QUIZ, [])
    if is_complete(reasons):
        return Stage.AWAITING_ISSUE
    if any(not reason.met and reason.params.get("tries") for reason in quizzes):
        return Stage.RESIT
    if any(not reason.met for reason in hours_reasons):
        started = any(reason.params["done"] for reason in hours_reasons)
        return Stage.LEARNING if started or any(reason.met for reason in quizzes) else Stage.NOT_STARTED
    if any(not reason.met for reason in quizzes):
        return Stage.READY_FOR_QUIZ if hours_reasons else Stage.NOT_STARTED
    return Stage.AWAITING_PRACTICAL
