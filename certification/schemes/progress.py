"""Progress of a person towards a scheme, as typed reasons for what is met and missing.

Evidence is counted for one round: after a grant, a renewal or a revocation it must be shown anew. So the same hours
never renew a qualification, and what was learned before a revocation does not undo it.
"""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from certification.enums import EntryKind, Stage, Standing
from certification.kinds import requirement_kinds
from certification.ledger.standing import GRANTING, EntryLike, Fact, StandingOn, facts_known, standing_under
from certification.models import Requirement, Scheme
from certification.requirements.base import Asked, RequirementKind
from certification.requirements.countersignatures import countersignature_reasons, is_missing
from certification.requirements.evidence import Evidence, evidence_of
from certification.requirements.readings import Reading, recertification
from certification.requirements.reasons import is_in_house, is_on_the_day, lacking_in_house
from portal.models import Person
from portal.registry.duty import Reason

# What a requirement may name, loaded with it.
REQUIREMENT_RELATIONS = tuple(
    field.name for field in Requirement._meta.get_fields() if field.many_to_one and field.name != "scheme"
)


def progress(
    person: Person, scheme: Scheme, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> list[Reason]:
    """Return each requirement of ``scheme`` as a reason, met or not, on ``on`` as known at ``known_at``.

    The order is that of the requirements. Times default to now.
    """
    known_at = known_at or timezone.now()
    evidence = evidence_of([person.pk], [scheme.pk])[person.pk]
    return progress_from(evidence, scheme, on or timezone.localdate(known_at), known_at)


def progress_from(
    evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime, *, only_on_the_day: bool = False
) -> list[Reason]:
    """Answer from evidence already loaded; ``scheme.requirements`` should be prefetched.

    Args:
        only_on_the_day: leave out what earns a grant.
    """
    requirements = requirements_of(scheme)
    if only_on_the_day:
        requirements = [each for each in requirements if not requirement_kinds.get(each.kind).is_in_house]
        if not requirements:
            # Most schemes ask for nothing on the day: the round they would be asked of need not be found.
            return []
    asked = asked_of(evidence, scheme, on, known_at)
    reasons = [evidence.judge(requirement, asked) for requirement in requirements]
    if only_on_the_day or not is_complete(reasons):
        return reasons
    return reasons + countersignature_reasons(evidence, scheme, reasons, known_at)


def has_shown_nothing(evidence: Evidence, scheme: Scheme) -> bool:
    """Whether the person has shown nothing of what ``scheme`` asks for, so that all who have not lack the same."""
    return all(evidence.is_untouched(requirement) for requirement in requirements_of(scheme))


def asked_of(evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Asked:
    """Return the question a scheme puts to what somebody has shown, in the round that runs."""
    entries = evidence.entries.get(scheme.pk, ())
    granted = [fact.valid_from for fact in facts_known(entries, known_at) if fact.kind in GRANTING]
    return Asked(
        on,
        known_at,
        round_of(evidence, scheme, on, known_at),
        _first_day_of_round(evidence, scheme, on, known_at),
        scheme.year,
        min(granted, default=None),
    )


def asks_on_the_day(scheme: Scheme) -> bool:
    """Whether the scheme asks for something that must hold on the day of duty itself, such as a card."""
    return any(not requirement_kinds.get(requirement.kind).is_in_house for requirement in requirements_of(scheme))


def lacking_on_the_day(evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> list[Reason]:
    """Return what the scheme asks for on the day itself, such as a card, and the person does not hold then."""
    reasons = progress_from(evidence, scheme, on, known_at)
    return [reason for reason in reasons if not reason.met and is_on_the_day(reason)]


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
    # Each knows its scheme as it was loaded, with the reach where that was loaded too.
    known = {scheme.pk: scheme for scheme in listed}
    by_scheme: dict[int, list[Requirement]] = {scheme.pk: [] for scheme in listed}
    found = Requirement.objects.filter(scheme__in=by_scheme).select_related(*REQUIREMENT_RELATIONS)
    for requirement in found.order_by("order", "pk"):
        by_scheme[requirement.scheme_id].append(requirement)
        requirement.scheme = known[requirement.scheme_id]
    for scheme in listed:
        scheme._loaded_requirements = by_scheme[scheme.pk]  # type: ignore[attr-defined]
    return listed


def round_began(entries: Iterable[EntryLike], known_at: dt.datetime) -> dt.datetime | None:
    """Return the moment from which evidence counts: the last grant, renewal or revocation; None for the first round."""
    return max((fact.root.recorded_at for fact in _turning(entries, known_at)), default=None)


def round_began_on(entries: Iterable[EntryLike], known_at: dt.datetime) -> dt.date | None:
    """Return the day the same act holds from: what was shown before the portal belongs to the round of its own day."""
    return max((fact.valid_from for fact in _turning(entries, known_at)), default=None)


def _turning(entries: Iterable[EntryLike], known_at: dt.datetime) -> list[Fact]:
    facts = facts_known(entries, known_at)
    return [fact for fact in facts if fact.kind in GRANTING or fact.kind == EntryKind.REVOKED]


def round_of(evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> dt.datetime | None:
    """Return from when the person's evidence counts for the scheme; None in the first round.

    While a recertification is open, what was shown before the edition took effect does not count.
    """
    owed = _owed(evidence, scheme, on, known_at)
    moments = [round_began(evidence.entries.get(scheme.pk, ()), known_at), owed.counts_from if owed else None]
    return max((moment for moment in moments if moment is not None), default=None)


def _first_day_of_round(evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> dt.date | None:
    """Return the same for what was shown before the portal: its round is that of its own day."""
    owed = _owed(evidence, scheme, on, known_at)
    began = round_began_on(evidence.entries.get(scheme.pk, ()), known_at)
    days = [began, timezone.localdate(owed.counts_from) if owed else None]
    return max((day for day in days if day is not None), default=None)


def _owed(evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Reading | None:
    readings = evidence.readings.get(scheme.pk)
    return recertification(readings, on, known_at, evidence.entries.get(scheme.pk, ())) if readings else None


def is_complete(reasons: Iterable[Reason]) -> bool:
    """Whether every in-house requirement is met, and counter-signed where that is asked for.

    A statutory card is checked on the day of duty, not at the grant.
    """
    reasons = list(reasons)
    if any(is_missing(reason) for reason in reasons):
        return False
    return any(is_in_house(reason) for reason in reasons) and not lacking_in_house(reasons)


def stage_of(
    evidence: Evidence, scheme: Scheme, on: dt.date, known_at: dt.datetime, expiring_days: int
) -> tuple[Stage, StandingOn, list[Reason]]:
    """Return how far the person is with the scheme, where it stands, and the reasons."""
    where = standing_under(scheme, evidence.entries[scheme.pk], on, known_at, expiring_days=expiring_days)
    reasons = progress_from(evidence, scheme, on, known_at)
    if where.standing != Standing.NONE:
        return Stage(where.standing.value), where, reasons
    return _stage_before_grant(reasons), where, reasons


def _stage_before_grant(reasons: list[Reason]) -> Stage:
    """Return the stage of what is lacking first: what was tried and failed, else by the order of the kinds."""
    if any(is_missing(reason) for reason in reasons):
        return Stage.AWAITING_COUNTERSIGNATURE
    if is_complete(reasons):
        return Stage.AWAITING_ISSUE
    in_house = [(_kind(reason), reason) for reason in reasons if is_in_house(reason)]
    begun = any(kind.has_begun(reason) for kind, reason in in_house)
    missing = [(_kind(reason), reason) for reason in lacking_in_house(reasons)]
    missing.sort(key=lambda item: (not item[0].has_failed(item[1]), item[0].order))
    if not missing:
        return Stage.NOT_STARTED
    kind, reason = missing[0]
    return kind.stage(reason, begun=begun)


def _kind(reason: Reason) -> RequirementKind:
    return requirement_kinds.get(reason.params["kind"])
