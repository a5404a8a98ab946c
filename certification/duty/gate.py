"""The duty gate: certification's answer to "may this person do this, today?".

On equipment a person is allowed with a valid in-house qualification of any scheme that opens the task there; in a post
with those of all schemes that name the post. Besides, all conditions that apply to the person must hold, and the
statutory cards that rules or schemes demand must be valid. Every refusal lists its reasons.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from certification.duty.facts import Facts, load
from certification.duty.own_changes import held_back, stricter
from certification.duty.reasons import (
    condition_missing,
    inactive,
    no_scheme,
    no_scheme_of_post,
    post_open,
    scheme_of_post_missing,
    without_repeats,
)
from certification.duty.under_scheme import found_under
from certification.guidance.judging import guide_refused, only_under, standing_guidances
from certification.ledger.standing import Fact, is_taken_away
from certification.models import Scheme
from certification.overrides.judging import may_be_overridden, overridden, standing_override
from certification.requirements.hints import ways_out
from certification.requirements.statutory import KIND as STATUTORY
from certification.statutory.cards import CardsNeeded, statutory_reasons
from portal.models import EquipmentModel, Position
from portal.people.activity import was_active
from portal.registry.duty import DutyAnswer, DutyQuestion, Reason

Held = tuple[Scheme, Fact]


@dataclass
class Judgement:
    """What was found for one question; ``missing`` refuses, ``lacking`` are the schemes not held as they must be."""

    shown: list[Reason] = field(default_factory=list)
    missing: list[Reason] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    lacking: list[Scheme] = field(default_factory=list)
    # What is missing of the schemes that open the work: what a guide may stand in for.
    learnable: list[Reason] = field(default_factory=list)


def gate(questions: Sequence[DutyQuestion]) -> list[DutyAnswer]:
    """Answer many questions in a fixed number of queries; see ``portal.registry.duty.ask_many``."""
    facts = load(questions)
    return [answer_strictly(question, facts) for question in questions]


def answer_strictly(question: DutyQuestion, facts: Facts) -> DutyAnswer:
    """Answer by what stands; whoever changed it and was not confirmed, by what stood before as well."""
    answer = _answer(question, _judge(question, facts), facts)
    stood = facts.as_it_stood(question)
    if stood is None:
        return answer
    before = _answer(stood.question, _judge(stood.question, stood.facts), stood.facts)
    return held_back(stricter(answer, before, stood.changes), stood.changes)


def _judge(question: DutyQuestion, facts: Facts) -> Judgement:
    found = Judgement()
    if not _is_active(question, facts) and question.on >= timezone.localdate(question.known_at):
        found.missing.append(inactive(question.person))
    if question.position is not None:
        _judge_post(question, question.position, facts, found)
    else:
        _judge_work(question, facts, found)
    return found


def _is_active(question: DutyQuestion, facts: Facts) -> bool:
    """Whether the person belonged to the network, by what was on record at the moment asked about."""
    turns = facts.activity.get(question.person.pk)
    return was_active(question.person, turns, question.known_at) if turns else question.person.is_active


def _judge_work(question: DutyQuestion, facts: Facts, found: Judgement) -> None:
    """Ask for one of the schemes that open the task on the machine, the conditions besides, and the cards."""
    if question.equipment is None or question.task is None:
        raise ValueError("A duty question names a machine and a task, or a post.")
    found.missing += _stopped(question, question.equipment, facts)
    openers = facts.schemes.openers(question.equipment, question.task)
    if openers:
        _open(question, openers, facts, found)
    else:
        found.missing.append(no_scheme(question.equipment, question.task))
    held = facts.posts.on(question.person.pk, question.on, question.known_at)
    for condition in facts.schemes.conditions(question.equipment, question.task, held):
        _require(question, condition, facts, found, [condition_missing(condition)])
    _require_cards(question, facts, found)


def _stopped(question: DutyQuestion, equipment: EquipmentModel, facts: Facts) -> list[Reason]:
    """Return the stops of work that bear on the machine where the person works that day."""
    bearing = [stop for stop in facts.stops if stop.bears_on(equipment, question.on, question.known_at)]
    if not bearing:
        return []
    person = question.person
    places = facts.posts.places_on(person.pk, question.on, question.known_at)
    if not places and person.organisation:
        places = frozenset([person.organisation.path])
    return [stop.refusal() for stop in bearing if stop.reaches(places)]


def _judge_post(question: DutyQuestion, position: Position, facts: Facts, found: Judgement) -> None:
    """Ask for every scheme that names the post, and for the conditions besides."""
    openers = facts.schemes.openers_of_post(position)
    if not facts.schemes.required(position):
        gated = position.is_duty_gated
        reason = no_scheme_of_post(position) if gated else post_open(position)
        (found.missing if gated else found.shown).append(reason)
    for scheme in openers:
        # Which scheme a missing course belongs to goes without saying where there is one.
        heading = [scheme_of_post_missing(scheme, position)] if len(openers) > 1 else []
        _require(question, scheme, facts, found, heading)
    for condition in facts.schemes.conditions_of_post(position):
        _require(question, condition, facts, found, [condition_missing(condition)])


def _open(question: DutyQuestion, openers: list[Scheme], facts: Facts, found: Judgement) -> None:
    """Look for valid openers; if there is none, collect what is missing for each of them."""
    missing: list[Reason] = []
    for opener in openers:
        scheme, (good, bad, grant) = found_under(question, opener, facts)
        if grant is not None and not bad:
            # A level that opens the work itself is said once, without those below it.
            if scheme.pk == opener.pk or scheme not in openers:
                found.shown += good
                found.held.append((scheme, grant))
        else:
            missing += bad
    if not found.held:
        found.missing += missing
        found.learnable += missing
        found.lacking += openers


def _require(question: DutyQuestion, scheme: Scheme, facts: Facts, found: Judgement, heading: list[Reason]) -> None:
    """Ask for one scheme that must be held; ``heading`` stands before what is missing of it."""
    held, (good, bad, grant) = found_under(question, scheme, facts)
    if grant is not None and not bad:
        found.shown += good
        found.held.append((held, grant))
    else:
        found.missing += [*heading, *bad]
        found.lacking.append(scheme)


def _require_cards(question: DutyQuestion, facts: Facts, found: Judgement) -> None:
    """Ask for the cards the statutory rules demand, whatever a scheme says."""
    if question.equipment is None or question.task is None:
        return
    needed = facts.cards[question.equipment.pk, question.task]
    found.missing += needed.refusals
    shown = facts.evidence[question.person.pk].shown[STATUTORY.key]
    if not any(shown.get(kind.pk) for kind in needed.kinds):
        found.missing += _no_cards(question, needed, facts)
        return
    for reason in statutory_reasons(needed.kinds, shown, question.on, question.known_at):
        (found.shown if reason.met else found.missing).append(reason)


def _no_cards(question: DutyQuestion, needed: CardsNeeded, facts: Facts) -> list[Reason]:
    """Return the cards as missing: the same sentences for everybody who has none of them."""
    key = frozenset(kind.pk for kind in needed.kinds)
    if key not in facts.no_cards:
        facts.no_cards[key] = statutory_reasons(needed.kinds, {}, question.on, question.known_at)
    return facts.no_cards[key]


def _answer(question: DutyQuestion, found: Judgement, facts: Facts) -> DutyAnswer:
    numbers = facts.evidence[question.person.pk].certificates
    shown = tuple(
        _certificate(scheme, grant, numbers.get(grant.root.pk, ""), question.on) for scheme, grant in found.held
    )
    if found.missing:
        reasons = tuple(without_repeats(found.missing))
        ways = tuple(ways_out(reasons, facts.ways))
        answered_for = _overridden(question, found, facts)
        if answered_for is None:
            guided = _guided(question, found, facts)
            if guided is not None and guided.met:
                # Conditions and cards are held; what is missing of the scheme is being learned.
                return DutyAnswer(question, True, (guided, *reasons), certificates=shown, way_out=ways)
            if guided is not None:
                reasons = (guided, *reasons)
                ways = tuple(ways_out(reasons, facts.ways))
            return DutyAnswer(question, allowed=False, reasons=reasons, way_out=ways)
        # What is missing stays listed: it is answered for, not shown.
        return DutyAnswer(question, True, (answered_for, *reasons), certificates=shown, way_out=ways)
    return DutyAnswer(question, allowed=True, reasons=tuple(without_repeats(found.shown)), certificates=shown)


def _overridden(question: DutyQuestion, found: Judgement, facts: Facts) -> Reason | None:
    """Return that somebody answers for the work, unless something is missing that nobody may answer for."""
    if question.equipment is None or question.task is None:
        return None
    evidence, on, known_at = facts.evidence[question.person.pk], question.on, question.known_at
    override = standing_override(evidence.overrides, question.equipment, question.task, on, known_at)
    if override is None or not may_be_overridden(found.missing):
        return None
    # A grant that ran out while it was suspended is reported as expired; it was taken away all the same.
    if any(is_taken_away(evidence.entries.get(scheme.pk, ()), on, known_at) for scheme in found.lacking):
        return None
    return overridden(override)


def _guided(question: DutyQuestion, found: Judgement, facts: Facts) -> Reason | None:
    """Return under whom alone the work is allowed, or why the guide cannot stand in; None where nobody guides.

    A guide stands in for what is missing of the scheme that opens the work, for no condition, card or stop.
    """
    if question.equipment is None or question.task is None:
        return None
    evidence, on, known_at = facts.evidence[question.person.pk], question.on, question.known_at
    guidances = standing_guidances(evidence.guidances, found.lacking, on, known_at)
    learned = {id(reason) for reason in found.learnable}
    if not guidances or not may_be_overridden(found.missing):
        return None
    if any(id(reason) not in learned for reason in found.missing):
        return None
    if any(is_taken_away(evidence.entries.get(scheme.pk, ()), on, known_at) for scheme in found.lacking):
        return None
    for each in guidances:
        judged = _judge(replace(question, person=facts.guides[each.guide]), facts)
        if facts.own.may_bear_on(each.guide, question.equipment, known_at):
            continue
        does = {each.scheme, *(higher.pk for scheme in found.lacking for higher in facts.schemes.above(scheme))}
        if not judged.missing and any(scheme.pk in does for scheme, _grant in judged.held):
            return only_under(each, known_at)
    return guide_refused(guidances[0])


def _certificate(scheme: Scheme, grant: Fact, number: str, on: dt.date) -> dict[str, str]:
    is_over = grant.last_day < on
    return {
        "number": number,
        "scheme": scheme.code,
        "name": scheme.name,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.last_day.isoformat(),
        # The last day of grace where it has ended; empty where it stands.
        "grace_until": (grant.last_day + dt.timedelta(days=scheme.grace_days)).isoformat() if is_over else "",
        # The number of the certificate of before the portal; empty for what was granted here.
        "taken_over": getattr(grant.root, "taken_over", ""),
    }
