"""What a pack says: the answer of the gate for a person, equipment, task, day and moment, and every record behind it.

Only what was on record at that moment is in it. Questions are named with version, cited edition and credit, without
their text or key: a pack may be shown around, and the question bank stays closed.
"""

import datetime as dt
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.enums import EntryKind, PracticalResult
from certification.evidence.packs.asked import Asked
from certification.evidence.packs.besides import besides
from certification.evidence.packs.sections import TITLES
from certification.models import (
    Answer,
    ApprovedVersion,
    Attempt,
    AttemptQuestion,
    LedgerEntry,
    PracticalAssessment,
    Requirement,
    Scheme,
    StatutoryCertificate,
)
from certification.results import with_results
from certification.schemes.reach import Reach
from courses.models import HourCredit
from portal.exchange.exports import Table
from portal.models import Person, PortalSettings
from portal.registry import duty

FORMAT = "dutyready.evidence-pack/1"
Row = dict[str, Any]


def schemes_about(asked: Asked) -> list[Scheme]:
    """Return every scheme, in force or not, that opens the task on the machine or is a condition of it.

    Higher levels of their tracks do for them, and belong to them here.
    """
    schemes = list(Scheme.objects.with_reach().order_by("code"))
    reaches = [(each, Reach.of(each)) for each in schemes]
    found = [each for each, reach in reaches if reach.includes(asked.task) and reach.depth(asked.equipment) is not None]
    lowest = {each.track: min(one.level for one in found if one.track == each.track) for each in found if each.track}
    higher = {each.pk for each in schemes if each.track in lowest and each.level > lowest[each.track]}
    known = {each.pk for each in found}
    return found + [each for each in schemes if each.pk in higher - known]


def pack_facts(person: Person, asked: Asked, by: Person) -> Row:
    """Return the content of a pack, ready to be written as JSON."""
    schemes = schemes_about(asked)
    wanted = Requirement.objects.filter(scheme__in=schemes)
    answer = duty.ask(person, asked.equipment, asked.task, asked.on, asked.known_at)
    # What a scheme stands on beside evidence: a lower one, or that of a sibling model; higher levels do for either.
    named = Scheme.objects.doing_for(wanted.filter(other_scheme__isnull=False).order_by().values("other_scheme"))
    ledger = _ledger(person, list({each.pk: each for each in (*schemes, *named)}.values()), asked)
    attempts = _attempts(person, wanted, asked)
    practicals = _practicals(person, wanted, asked)
    pinned = {row["scheme_version_id"] for row in ledger} | {row["quiz_version_id"] for row in attempts}
    pinned |= {row["checklist_version_id"] for row in practicals}
    beside = besides(person, schemes, wanted, asked)
    pinned |= {row["scheme_version_id"] for row in beside["countersignatures"]}
    return {
        "format": FORMAT,
        "issuer": PortalSettings.load().issuer,
        "made_at": timezone.now(),
        "made_by": by.name,
        "question": {
            "staff_number": person.staff_number,
            "person": person.name,
            "equipment": asked.equipment.code,
            "equipment_name": asked.equipment.name,
            "task": asked.task.value,
            "task_name": str(asked.task.label),
            "on": asked.on,
            "known_at": asked.known_at,
        },
        "answer": {
            "allowed": answer.allowed,
            "reasons": [{"code": each.code, "met": each.met, "message": str(each.message)} for each in answer.reasons],
            "certificates": list(answer.certificates),
        },
        "ledger": ledger,
        "hours": _hours(person, wanted, asked),
        "attempts": attempts,
        "questions": _questions([row["id"] for row in attempts], asked),
        "practicals": practicals,
        "statutory": _statutory(person, asked),
        "versions": _versions(pinned - {None}),
        **beside,
    }


def _ledger(person: Person, schemes: list[Scheme], asked: Asked) -> list[Row]:
    entries = LedgerEntry.objects.filter(person=person, scheme__in=schemes, recorded_at__lte=asked.known_at)
    return [
        {
            "id": entry.pk,
            "act": entry.kind,
            "act_label": str(EntryKind(entry.kind).label),
            "scheme": entry.scheme.code,
            "scheme_name": entry.scheme.name,
            "scheme_version_id": entry.scheme_version_id,
            "scheme_version": entry.scheme_version.number if entry.scheme_version else None,
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to,
            "recorded_at": entry.recorded_at,
            "recorded_by": entry.recorded_by.name if entry.recorded_by else None,
            "corrects": entry.corrects_id,
            "never_held": entry.is_void,
            "reason": entry.reason,
            "certificate": getattr(getattr(entry, "certificate", None), "number", None),
            "rests_on": _rests_on(entry),
            "evidence": entry.evidence,
        }
        for entry in entries.select_related("scheme", "scheme_version", "recorded_by", "certificate")
    ]


def _rests_on(entry: LedgerEntry) -> str:
    """Return versions and editions a grant rests on, in words."""
    versions = [
        f"{apps.get_model(row['record'])._meta.verbose_name} #{row['record_id']} {_('version')} {row['number']}"
        for row in entry.evidence.get("versions", [])
    ]
    editions = [f"{row['manual']} {row['edition']}" for row in entry.evidence.get("editions", [])]
    return _("; ").join([*versions, *editions])


def _hours(person: Person, wanted: Any, asked: Asked) -> list[Row]:
    credits = HourCredit.objects.filter(
        person=person, recorded_at__lte=asked.known_at, module__in=wanted.order_by().values("module")
    )
    return [
        {
            "id": credit.pk,
            "module": credit.module.code,
            "module_name": credit.module.title,
            "minutes": credit.minutes,
            "earned_on": credit.earned_on,
            "recorded_at": credit.recorded_at,
        }
        for credit in credits.select_related("module").order_by("recorded_at", "pk")
    ]


def _attempts(person: Person, wanted: Any, asked: Asked) -> list[Row]:
    attempts = with_results(
        Attempt.objects.filter(person=person, closed_at__lte=asked.known_at, quiz__in=wanted.order_by().values("quiz")),
        asked.known_at,
    )
    return [
        {
            "id": attempt.pk,
            "quiz": attempt.quiz.code,
            "quiz_name": attempt.quiz.title,
            "quiz_version_id": attempt.quiz_version_id,
            "quiz_version": attempt.quiz_version.number,
            "number": attempt.number,
            "started_at": attempt.started_at,
            "closed_at": attempt.closed_at,
            "pass_mark": attempt.pass_mark,
            "score": attempt.score if attempt.settled_at <= asked.known_at else None,
            "passed": attempt.is_passed if attempt.settled_at <= asked.known_at else None,
            "score_held": attempt.held_score,
            "passed_held": attempt.held_passed,
        }
        for attempt in attempts.select_related("quiz", "quiz_version").order_by("started_at", "pk")
    ]


def _questions(attempts: list[int], asked: Asked) -> list[Row]:
    rows = AttemptQuestion.objects.filter(attempt__in=attempts)
    related = ("version__chapter__edition__manual", "answer__mark")
    shown = rows.select_related(*related).order_by("attempt_id", "order")
    return [
        {
            "attempt": row.attempt_id,
            "order": row.order,
            "question": row.version.question_id,
            "question_version": row.version_id,
            "kind": row.version.kind,
            "cites": row.version.chapter.citation if row.version.chapter else "",
            "credit": _credit(getattr(row, "answer", None), asked),
        }
        for row in shown
    ]


def _credit(answer: Answer | None, asked: Asked) -> str | None:
    """Return what an answer earned; nothing where an assessor marked it later."""
    mark = getattr(answer, "mark", None)
    if answer is None or answer.credit is None or (mark is not None and mark.marked_at > asked.known_at):
        return None
    return str(answer.credit)


def _practicals(person: Person, wanted: Any, asked: Asked) -> list[Row]:
    signed = PracticalAssessment.objects.filter(
        person=person, signed_at__lte=asked.known_at, checklist__in=wanted.order_by().values("checklist")
    )
    return [
        {
            "id": each.pk,
            "checklist": each.checklist.code,
            "checklist_name": each.checklist.title,
            "checklist_version_id": each.checklist_version_id,
            "checklist_version": each.checklist_version.number,
            "assessor": each.assessor.staff_number,
            "assessor_name": each.assessor.name,
            "assessed_on": each.assessed_on,
            "signed_at": each.signed_at,
            "result": each.result,
            "result_label": str(PracticalResult(each.result).label),
            "items": each.rows,
        }
        for each in signed.select_related("checklist", "checklist_version", "assessor").order_by("assessed_on", "pk")
    ]


def _statutory(person: Person, asked: Asked) -> list[Row]:
    cards = StatutoryCertificate.objects.filter(person=person, recorded_at__lte=asked.known_at)
    return [
        {
            "id": card.pk,
            "kind": card.kind.code,
            "kind_name": card.kind.name,
            "number": card.number,
            "issuer": card.issuer,
            "valid_from": card.valid_from,
            "valid_to": card.valid_to,
            "review_due": card.review_due,
            "recorded_at": card.recorded_at,
            "verified_at": _known(card.verified_at, asked),
            "withdrawn_on": card.withdrawn_on if _known(card.withdrawn_recorded_at, asked) else None,
        }
        for card in cards.select_related("kind").order_by("recorded_at", "pk")
    ]


def _known(moment: dt.datetime | None, asked: Asked) -> dt.datetime | None:
    return moment if moment is not None and moment <= asked.known_at else None


def _versions(pinned: set[int]) -> list[Row]:
    versions = ApprovedVersion.objects.filter(pk__in=pinned).select_related("approved_by").order_by("pk")
    return [
        {
            "id": version.pk,
            "record": version.record_label,
            "record_id": version.record_id,
            "number": version.number,
            "approved_at": version.approved_at,
            "approved_by": version.approved_by.name,
            "content": version.content,
        }
        for version in versions
    ]


def tables_of(facts: Row) -> dict[str, Table]:
    """Return the records of a pack as tables, by the name of their file; nested values stay in the JSON alone."""
    names = {
        "ledger": _("Qualification ledger"),
        "hours": _("Training hours"),
        "attempts": _("Quizzes"),
        "questions": _("Questions"),
        "practicals": _("Practical assessments"),
        "statutory": _("Statutory certificates"),
        "versions": _("Approved versions"),
        **{name: str(title) for name, title in TITLES.items()},
    }
    found = {}
    for key, title in names.items():
        columns = [name for name, value in (facts[key] or [{}])[0].items() if not isinstance(value, (dict, list))]
        found[key] = Table(title, columns, [[row[name] for name in columns] for row in facts[key]])
    return found
