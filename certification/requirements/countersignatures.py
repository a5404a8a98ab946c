"""Whether evidence needs a counter-signature, and whether it has one.

Who could read the answers of a quiz, wrote its questions, or changed or approved the quiz, the checklist or the scheme,
is granted by it only when another assessor has counter-signed this very evidence.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from certification.enums import Ground, ReasonCode
from certification.models import Attempt, CounterSignature, PracticalAssessment, Scheme
from certification.requirements.differences import KIND as DIFFERENCES
from certification.requirements.evidence import Evidence
from certification.requirements.practical import KIND as PRACTICAL
from certification.requirements.quiz import KIND as QUIZ
from certification.requirements.sign_offs import KIND as SIGN_OFFS
from portal.registry.duty import Reason

# What reasons of this rule call their kind, beside the kinds of requirement.
COUNTERSIGNATURE = "countersignature"


@dataclass(frozen=True)
class Basis:
    """The evidence a grant would rest on, as far as the rule looks at it."""

    attempts: tuple[Attempt, ...]
    practicals: tuple[PracticalAssessment, ...]

    @property
    def keys(self) -> tuple[list[int], list[int]]:
        """What a counter-signature names: attempts and practicals by primary key, ascending."""
        return sorted(row.pk for row in self.attempts), sorted(row.pk for row in self.practicals)


def basis_of(evidence: Evidence, reasons: Iterable[Reason]) -> Basis:
    """Return the attempts and practicals that the met ``reasons`` rest on."""
    met = [reason.params for reason in reasons if reason.met]
    attempts = {params["attempt"] for params in met if "attempt" in params}
    practicals = {params["practical"] for params in met if "practical" in params}
    practicals |= {pk for params in met for pk in params.get("practicals", ())}
    return Basis(
        tuple(row for row in _attempts(evidence) if row.pk in attempts),
        tuple(row for row in _practicals(evidence) if row.pk in practicals),
    )


def _attempts(evidence: Evidence) -> list[Attempt]:
    """Return the attempts that any kind has loaded, each once."""
    loaded = (evidence.shown[QUIZ.key], evidence.shown[DIFFERENCES.key].attempts)
    return list({row.pk: row for shown in loaded for rows in shown.values() for row in rows}.values())


def _practicals(evidence: Evidence) -> list[PracticalAssessment]:
    """Return the passed practicals that any kind has loaded, each once."""
    loaded = (evidence.shown[key].values() for key in (PRACTICAL.key, SIGN_OFFS.key))
    return list({row.pk: row for shown in loaded for rows in shown for row in rows}.values())


def grounds_of(evidence: Evidence, scheme: Scheme, basis: Basis, known_at: dt.datetime) -> list[Ground]:
    """Return why a counter-signature is needed; empty when it is not."""
    changed = evidence.changed_schemes.get(scheme.pk)
    found = {
        Ground.READ_ANSWERS: any(attempt.could_read_answers for attempt in basis.attempts),
        Ground.WROTE_QUESTIONS: any(attempt.wrote_questions for attempt in basis.attempts),
        Ground.CHANGED_QUIZ: any(attempt.changed_quiz for attempt in basis.attempts),
        Ground.CHANGED_CHECKLIST: any(practical.changed_checklist for practical in basis.practicals),
        Ground.CHANGED_SCHEME: changed is not None and changed <= known_at,
    }
    return [ground for ground, holds in found.items() if holds]


def countersignature_reasons(
    evidence: Evidence, scheme: Scheme, reasons: list[Reason], known_at: dt.datetime
) -> list[Reason]:
    """Return the rule as a reason, met or not; none where it does not apply.

    Args:
        reasons: every requirement of the scheme, all in-house ones met.
    """
    basis = basis_of(evidence, reasons)
    grounds = grounds_of(evidence, scheme, basis, known_at)
    if not grounds:
        return []
    params = {
        "requirement": None,
        "kind": COUNTERSIGNATURE,
        "scheme": scheme.code,
        "grounds": [ground.value for ground in grounds],
    }
    signature = _signature(evidence, scheme, basis, known_at)
    if signature is not None:
        facts = {"signer": signature.signer.name, "day": formats.date_format(_day(signature.signed_at), "DATE_FORMAT")}
        message = _("Counter-signed by %(signer)s on %(day)s") % facts
        params["countersignature"] = signature.pk
        return [Reason(ReasonCode.COUNTERSIGNED.value, message, met=True, params=params)]
    message = _("Counter-signature of another assessor missing: the person %(grounds)s") % {
        "grounds": _("; ").join(str(ground.label) for ground in grounds)
    }
    return [Reason(ReasonCode.COUNTERSIGNATURE_MISSING.value, message, met=False, params=params)]


def _signature(evidence: Evidence, scheme: Scheme, basis: Basis, known_at: dt.datetime) -> CounterSignature | None:
    attempts, practicals = basis.keys
    for signature in evidence.countersignatures:
        covers = (signature.scheme_id, signature.attempts, signature.practicals) == (scheme.pk, attempts, practicals)
        if covers and signature.signed_at <= known_at:
            return signature
    return None


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment)


def is_missing(reason: Reason) -> bool:
    """Whether a reason says that a counter-signature is missing."""
    return reason.code == ReasonCode.COUNTERSIGNATURE_MISSING


def proof_of(reasons: Iterable[Reason]) -> list[dict[str, object]]:
    """Return the counter-signature a grant rests on, as kept in the ledger; nothing where none was asked for."""
    return [
        {
            "code": reason.code,
            "countersignature": reason.params["countersignature"],
            "grounds": reason.params["grounds"],
        }
        for reason in reasons
        if reason.code == ReasonCode.COUNTERSIGNED
    ]
