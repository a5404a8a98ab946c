"""Grant or renew a qualification automatically once all in-house requirements are met."""

import datetime as dt

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from certification import ledger
from certification.certificates.domain import issue
from certification.certificates.editions import editions_taught
from certification.certificates.held_back import is_held_back
from certification.enums import Standing
from certification.kinds import requirement_kinds
from certification.ledger.standing import standing_under
from certification.models import ApprovedVersion, LedgerEntry, Scheme
from certification.requirements.base import RequirementKind
from certification.requirements.countersignatures import basis_of, proof_of
from certification.requirements.evidence import Evidence, evidence_of
from certification.requirements.readings import recertification
from certification.requirements.reasons import is_in_house
from certification.schemes.progress import is_complete, progress_from
from certification.versions.queries import version_in_effect
from portal.models import Person, PortalSettings
from portal.registry.duty import Reason


@transaction.atomic
def award_if_complete(
    person: Person, scheme: Scheme, *, at: dt.datetime | None = None, by: Person | None = None
) -> LedgerEntry | None:
    """Grant or renew when every in-house requirement is met and there is something to gain; else return None.

    Where the person could read the answers or changed the bar, another assessor's counter-signature is asked for too.
    While a change of the person's own waits for a second person, what it is about is not granted.

    The qualification holds from the day of ``at`` (now): yesterday stays refused. A valid qualification is renewed only
    in the days before its last one that the scheme says, or when a revision asks for everything anew; it goes on from
    its last day. An expired one is granted anew; a suspended one waits for its reinstatement.
    """
    at = at or timezone.now()
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    # Locked and read anew: requirements, validity and the version pinned are of one state of the scheme.
    scheme = Scheme.objects.select_for_update(of=("self",)).get(pk=scheme.pk)
    on = timezone.localdate(at)
    evidence = evidence_of([person.pk], [scheme.pk])[person.pk]
    reasons = progress_from(evidence, scheme, on, at)
    if not is_complete(reasons) or is_held_back(person, scheme):
        return None
    entries = evidence.entries[scheme.pk]
    where = standing_under(scheme, entries, on, expiring_days=PortalSettings.load().expiring_days).standing
    proof = _proof(scheme, evidence, reasons)
    key = f"award:{person.pk}:{scheme.pk}:{max((entry.pk for entry in entries), default=0)}"
    owed = recertification(evidence.readings.get(scheme.pk, ()), on, at, entries)
    if where == Standing.EXPIRING or (where == Standing.VALID and owed is not None):
        entry = ledger.renew(person, scheme, act_key=key, by=by, evidence=proof, at=at)
    elif where in (Standing.NONE, Standing.GRACE, Standing.EXPIRED, Standing.REVOKED):
        ledger.lapse(person, scheme, at=at, even_in_grace=True)
        entry = ledger.grant(person, scheme, act_key=key, by=by, evidence=proof, at=at)
    else:
        return None
    shown = _in_house(reasons)
    scores = [score for kind, reason in shown if (score := kind.score(reason)) is not None]
    issue(
        entry,
        score=min(scores, default=None),
        minutes=sum(kind.minutes(reason) for kind, reason in shown),
    )
    # What stands on this one may be complete now.
    award_after(person, at=at, other_scheme=scheme)
    return entry


def award_after(
    person: Person, *, kind: str | None = None, at: dt.datetime | None = None, **named: Model
) -> list[LedgerEntry]:
    """Award every scheme in force that asks for what was just shown and is now complete.

    Args:
        kind: key of the kind of requirement; for kinds that name nothing in a column it is all there is to say.
        named: what the requirement names, by column: ``module=``, ``quiz=``, ``checklist=``.
    """
    wanted: dict[str, object] = {f"requirements__{name}": value for name, value in named.items()}
    if isinstance(held := wanted.pop("requirements__other_scheme", None), Scheme):
        # A higher level does for the lower ones that are asked for.
        wanted["requirements__other_scheme__in"] = Scheme.objects.done_by(held)
    if kind is not None:
        wanted["requirements__kind"] = requirement_kinds.get(kind).key
    schemes = Scheme.objects.filter(is_active=True, **wanted).distinct() if wanted else Scheme.objects.none()
    entries = (award_if_complete(person, scheme, at=at) for scheme in schemes)
    return [entry for entry in entries if entry is not None]


def _in_house(reasons: list[Reason]) -> list[tuple[RequirementKind, Reason]]:
    return [(requirement_kinds.get(reason.params["kind"]), reason) for reason in reasons if is_in_house(reason)]


def _proof(scheme: Scheme, evidence: Evidence, reasons: list[Reason]) -> dict[str, object]:
    """Return what the grant rests on, as kept in the ledger: what was shown, and by which versions it was judged."""
    basis = basis_of(evidence, reasons)
    pinned = {version_in_effect(scheme).pk}
    pinned |= {attempt.quiz_version_id for attempt in basis.attempts}
    pinned |= {practical.checklist_version_id for practical in basis.practicals}
    versions = ApprovedVersion.objects.filter(pk__in=pinned).order_by("pk")
    modules = {str(reason.params["module"]) for reason in reasons if reason.met and "module" in reason.params}
    return {
        "editions": editions_taught([attempt.pk for attempt in basis.attempts], modules),
        "versions": [
            {"id": version.pk, "record": version.record_label, "record_id": version.record_id, "number": version.number}
            for version in versions
        ],
        "shown": [kind.proof(reason) for kind, reason in _in_house(reasons) if reason.met] + proof_of(reasons),
    }
