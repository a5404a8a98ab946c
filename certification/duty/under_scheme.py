"""What the gate finds under one scheme: whether it, or a higher level of its track, is held on the day, and why not."""

from certification.duty.facts import Facts, UnderScheme
from certification.duty.reasons import certified, higher_level, standing_reasons, two_persons
from certification.enums import ReasonCode
from certification.ledger.standing import standing_under
from certification.models import Scheme
from certification.requirements.quiz import exemptions_behind
from certification.requirements.readings import unread
from certification.requirements.reasons import is_on_the_day
from certification.schemes.progress import has_shown_nothing, progress_from, requirements_of
from portal.registry.duty import DutyQuestion, Reason


def found_under(question: DutyQuestion, scheme: Scheme, facts: Facts) -> tuple[Scheme, UnderScheme]:
    """Return what was found under a scheme, or under a higher level of its track that is held instead.

    Where a higher level is held and yet refused, its reasons are what keeps the person from the work.
    """
    found = _for_scheme(question, scheme, facts)
    if _is_held(found):
        return scheme, found
    entries = facts.evidence[question.person.pk].entries
    refused: list[Reason] = []
    # A level without an entry is not held: what is missing of it is nobody's question.
    for higher in (each for each in facts.schemes.above(scheme) if entries.get(each.pk)):
        good, bad, grant = judged = _for_scheme(question, higher, facts)
        if _is_held(judged):
            # Whether the work takes two is said of the scheme that opens it, not of the level that is held.
            told = [reason for reason in good if reason.code != ReasonCode.TWO_PERSONS]
            told += [higher_level(higher, scheme), *([two_persons(scheme)] if scheme.needs_two else [])]
            return higher, (told, bad, grant)
        if grant is not None:
            refused += bad
    if not refused:
        return scheme, found
    # What was never granted need not be earned by who holds more; what ended or was taken away is said all the same.
    own = found[1] if entries.get(scheme.pk) else []
    return scheme, ([], [*own, *refused], found[2])


def _is_held(found: UnderScheme) -> bool:
    return found[2] is not None and not found[1]


def _for_scheme(question: DutyQuestion, scheme: Scheme, facts: Facts) -> UnderScheme:
    """Return met and unmet reasons under one scheme, and its valid grant; judged once for all questions."""
    evidence = facts.evidence[question.person.pk]
    if not evidence.entries.get(scheme.pk) and has_shown_nothing(evidence, scheme):
        alike = (scheme.pk, question.on)
        if alike not in facts.nothing_shown:
            facts.nothing_shown[alike] = _judge_scheme(question, scheme, facts)
        return facts.nothing_shown[alike]
    key = (question.person.pk, scheme.pk, question.on, question.known_at)
    if key not in facts.under_scheme:
        facts.under_scheme[key] = _judge_scheme(question, scheme, facts)
    found = facts.under_scheme[key]
    evidence = facts.evidence[question.person.pk]
    readings = evidence.readings.get(scheme.pk)
    if not readings or found[2] is None:
        return found
    # What a revised manual asks for bears on the machines it is about, not on all the scheme opens.
    late = unread(
        readings,
        question.on,
        question.known_at,
        entries=evidence.entries.get(scheme.pk, ()),
        equipment=question.equipment,
    )
    return ([], [*found[1], *late], found[2]) if late else found


def _judge_scheme(question: DutyQuestion, scheme: Scheme, facts: Facts) -> UnderScheme:
    evidence = facts.evidence[question.person.pk]
    entries = evidence.entries.get(scheme.pk, ())
    where = standing_under(scheme, entries, question.on, question.known_at, expiring_days=facts.expiring_days)
    # Of a qualification that stands only what must hold on the day is asked for besides.
    reasons = progress_from(evidence, scheme, question.on, question.known_at, only_on_the_day=where.counts)
    on_the_day = [reason for reason in reasons if is_on_the_day(reason)]
    against = [] if where.counts else standing_reasons(scheme, where, reasons)
    against += [reason for reason in on_the_day if not reason.met]
    if against:
        return [], against, where.grant if where.counts else None
    shown = exemptions_behind(evidence, requirements_of(scheme), entries, where.grant) if where.grant else []
    shown += [two_persons(scheme)] if scheme.needs_two else []
    certified_now = certified(scheme, where, evidence.limit(scheme.pk, question.known_at))
    return [certified_now, *shown, *(reason for reason in on_the_day if reason.met)], [], where.grant
