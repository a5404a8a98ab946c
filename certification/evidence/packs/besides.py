"""What a pack says beside ledger and evidence: what somebody answered for, what was taken over, limited, read, stopped.

As everywhere in a pack, only what was on record at the moment asked about.
"""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from certification.enums import ExcuseKind, Ground, TakenOverKind
from certification.evidence.packs.asked import Asked
from certification.models import (
    CounterSignature,
    DutyOverride,
    ExcuseDecision,
    Guidance,
    LedgerEntry,
    ManualReading,
    Scheme,
    TakenOver,
    WorkLimit,
    WorkStop,
)
from certification.requirements.evidence import evidence_of
from kb.enums import VerdictKind
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import Person

Row = dict[str, Any]


def besides(person: Person, schemes: list[Scheme], wanted: Any, asked: Asked) -> dict[str, list[Row]]:
    """Return the rows by the name of their list.

    Args:
        schemes: those that bear on the work.
        wanted: their requirements.
    """
    return {
        "overrides": _overrides(person, asked),
        "guidances": _guidances(person, schemes, asked),
        "exemptions": _exemptions(person, wanted, asked),
        "taken_over": _taken_over(person, schemes, wanted, asked),
        "limits": _limits(person, schemes, asked),
        "readings": _readings(person, schemes, asked),
        "manuals_read": _manuals_read(person, wanted, asked),
        "countersignatures": _countersignatures(person, schemes, asked),
        "stops": _stops(asked),
    }


def _on_machine(asked: Asked) -> Q:
    return Q(model=asked.equipment) | Q(category__path__in=self_and_ancestor_paths(asked.equipment.category))


def _seen(moment: dt.datetime | None, asked: Asked) -> bool:
    return moment is not None and moment <= asked.known_at


def _overrides(person: Person, asked: Asked) -> list[Row]:
    found = DutyOverride.objects.filter(_on_machine(asked), person=person, recorded_at__lte=asked.known_at)
    rows = []
    for each in found.select_related("approved_by", "withdrawal__withdrawn_by", "model", "category").order_by("pk"):
        if asked.task.value not in each.tasks:
            continue
        ended = getattr(each, "withdrawal", None)
        if ended is not None and not _seen(ended.recorded_at, asked):
            ended = None
        rows.append(
            {
                "id": each.pk,
                "equipment": each.equipment_name,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
                "reason": each.reason,
                "approved_by": each.approved_by.name,
                "recorded_at": each.recorded_at,
                "withdrawn_on": ended.withdrawn_on if ended else None,
                "withdrawn_by": ended.withdrawn_by.name if ended else None,
            }
        )
    return rows


def _guidances(person: Person, schemes: list[Scheme], asked: Asked) -> list[Row]:
    found = Guidance.objects.filter(learner=person, scheme__in=schemes, recorded_at__lte=asked.known_at)
    rows = []
    for each in found.select_related("guide", "scheme", "approved_by", "end").order_by("pk"):
        ended = getattr(each, "end", None)
        rows.append(
            {
                "id": each.pk,
                "scheme": each.scheme.code,
                "guide": each.guide.staff_number,
                "guide_name": each.guide.name,
                "guide_ledger": _ledger_of_guide(each, asked),
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
                "limits": each.limits,
                "approved_by": each.approved_by.name,
                "recorded_at": each.recorded_at,
                "ended_on": ended.ended_on if ended and _seen(ended.recorded_at, asked) else None,
            }
        )
    return rows


def _ledger_of_guide(guidance: Guidance, asked: Asked) -> list[Row]:
    """Return what the guide was qualified by: the scheme that is learned, or higher levels of its track."""
    doing = Scheme.objects.doing_for([guidance.scheme_id])
    found = LedgerEntry.objects.filter(person=guidance.guide, scheme__in=doing, recorded_at__lte=asked.known_at)
    return [
        {
            "id": each.pk,
            "act": each.kind,
            "scheme": each.scheme.code,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
            "corrects": each.corrects_id,
            "never_held": each.is_void,
        }
        for each in found.select_related("scheme").order_by("pk")
    ]


def _exemptions(person: Person, wanted: Any, asked: Asked) -> list[Row]:
    found = ExcuseDecision.objects.filter(
        is_approved=True,
        excuse__kind=ExcuseKind.EXEMPTED,
        excuse__person=person,
        excuse__quiz__in=wanted.order_by().values("quiz"),
        decided_at__lte=asked.known_at,
    )
    return [
        {
            "id": each.pk,
            "quiz": each.excuse.quiz.code,
            "quiz_name": each.excuse.quiz.title,
            "reason": each.excuse.reason,
            "requested_by": each.excuse.requested_by.name,
            "decided_by": each.decided_by.name,
            "decided_at": each.decided_at,
        }
        for each in found.select_related("excuse__quiz", "excuse__requested_by", "decided_by").order_by("pk")
    ]


def _taken_over(person: Person, schemes: list[Scheme], wanted: Any, asked: Asked) -> list[Row]:
    about = Q(scheme__in=schemes)
    for column in ("quiz", "checklist", "module"):
        about |= Q(**{f"{column}__in": wanted.filter(**{f"{column}__isnull": False}).order_by().values(column)})
    found = TakenOver.objects.filter(about, person=person, recorded_at__lte=asked.known_at).order_by("pk")
    named = ("scheme", "quiz", "checklist", "module", "vouched_by", "recorded_by")
    return [
        {
            "id": each.pk,
            "kind": each.kind,
            "kind_label": str(TakenOverKind(each.kind).label),
            "about": str(each.subject),
            "number": each.number,
            "on": each.on,
            "until": each.until,
            "score": each.score,
            "minutes": each.minutes,
            "vouched_by": each.vouched_by.name,
            "recorded_by": each.recorded_by.name,
            "recorded_at": each.recorded_at,
            "withdrawn_at": each.withdrawn_at if _seen(each.withdrawn_at, asked) else None,
        }
        for each in found.select_related(*named)
    ]


def _limits(person: Person, schemes: list[Scheme], asked: Asked) -> list[Row]:
    found = WorkLimit.objects.filter(person=person, scheme__in=schemes, recorded_at__lte=asked.known_at)
    return [
        {
            "id": each.pk,
            "scheme": each.scheme.code,
            "limit": each.text,
            "reason": each.reason,
            "set_by": each.set_by.name,
            "recorded_at": each.recorded_at,
        }
        for each in found.select_related("scheme", "set_by").order_by("recorded_at", "pk")
    ]


def _readings(person: Person, schemes: list[Scheme], asked: Asked) -> list[Row]:
    evidence, codes = evidence_of([person.pk], [each.pk for each in schemes])[person.pk], {}
    for scheme in schemes:
        codes[scheme.pk] = scheme.code
    return [
        {
            "verdict": each.verdict,
            "scheme": codes[scheme],
            "kind": each.kind,
            "kind_label": str(VerdictKind(each.kind).label),
            "edition": each.edition,
            "grace_until": each.grace_until,
            "recorded_at": each.recorded_at,
            "confirmed_at": each.confirmed_at if _seen(each.confirmed_at, asked) else None,
            "done": each.is_done(asked.on, asked.known_at, evidence.entries.get(scheme, ())),
        }
        for scheme, readings in sorted(evidence.readings.items())
        for each in readings
        if scheme in codes and each.recorded_at <= asked.known_at and each.is_about(asked.equipment)
    ]


def _manuals_read(person: Person, wanted: Any, asked: Asked) -> list[Row]:
    manuals = wanted.filter(manual__isnull=False).order_by().values("manual")
    found = ManualReading.objects.filter(
        person=person, edition__manual__in=manuals, confirmed_at__lte=asked.known_at
    ).select_related("edition__manual")
    return [
        {
            "id": each.pk,
            "manual": each.edition.manual.number,
            "edition": str(each.edition),
            "confirmed_at": each.confirmed_at,
        }
        for each in found.order_by("confirmed_at", "pk")
    ]


def _countersignatures(person: Person, schemes: list[Scheme], asked: Asked) -> list[Row]:
    found = CounterSignature.objects.filter(person=person, scheme__in=schemes, signed_at__lte=asked.known_at)
    return [
        {
            "id": each.pk,
            "scheme": each.scheme.code,
            "scheme_version_id": each.scheme_version_id,
            "signer": each.signer.staff_number,
            "signer_name": each.signer.name,
            "signed_at": each.signed_at,
            "why": _("; ").join(str(Ground(ground).label) for ground in each.grounds),
            "remark": each.remark,
            "attempts": each.attempts,
            "practicals": each.practicals,
        }
        for each in found.select_related("scheme", "signer").order_by("signed_at", "pk")
    ]


def _stops(asked: Asked) -> list[Row]:
    """Return the stops of work on the machine that day, in whatever region."""
    found = WorkStop.objects.filter(_on_machine(asked), recorded_at__lte=asked.known_at, starts_on__lte=asked.on)
    rows = []
    for each in found.select_related("ordered_by", "region", "lift", "model", "category").order_by("pk"):
        lift = getattr(each, "lift", None)
        if lift is not None and _seen(lift.recorded_at, asked) and asked.on >= lift.resumes_on:
            continue
        rows.append(
            {
                "id": each.pk,
                "equipment": each.equipment_name,
                "region": each.region.name if each.region else None,
                "starts_on": each.starts_on,
                "reason": each.reason,
                "ordered_by": each.ordered_by.name,
                "recorded_at": each.recorded_at,
            }
        )
    return rows
