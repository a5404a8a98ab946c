"""The same question for several days: judged once for days that nothing on record tells apart.

A forecast asks about the same work month after month, and mostly nothing of a person begins or ends in between.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from django.utils import timezone

from certification.duty.facts import Facts, load
from certification.duty.gate import answer_strictly
from certification.kinds import requirement_kinds
from certification.requirements.evidence import Evidence
from certification.schemes.progress import requirements_of
from portal.registry.duty import DutyAnswer, DutyQuestion

DAY = dt.timedelta(days=1)


def ask_over_days(questions: Sequence[DutyQuestion]) -> list[DutyAnswer]:
    """Answer many questions, in their order, as the gate does; for who counts, not for what is said.

    The state of each answer is that of its day. Days that nothing tells apart share the answer of the first one asked
    about, so that its sentences may speak of that day.
    """
    facts = load(questions)
    known: dict[tuple[object, ...], DutyAnswer] = {}
    turnings: dict[tuple[int, dt.datetime], list[dt.date] | None] = {}
    answers = []
    for question in questions:
        who = question.person.pk, question.known_at
        if who not in turnings:
            turnings[who] = _turnings(question, facts)
        days = turnings[who]
        stretch = question.on if days is None else bisect_right(days, question.on)
        key = (*who, *_subject(question), stretch)
        if key not in known:
            known[key] = answer_strictly(question, facts)
        answers.append(known[key])
    return answers


def _subject(question: DutyQuestion) -> tuple[object, ...]:
    machine, post = question.equipment, question.position
    return machine.pk if machine else None, question.task, post.pk if post else None


def _turnings(question: DutyQuestion, facts: Facts) -> list[dt.date] | None:
    """Return the days from which on an answer about the person may be another, sorted; None where any day may be.

    More may be named than matter, never fewer. In-house evidence turns nothing: it is asked for where no grant stands,
    and without one only an override or a guide allows, of which each day is asked.
    """
    evidence, person = facts.evidence[question.person.pk], question.person.pk
    if evidence.overrides or evidence.guidances or facts.own.of(person, question.known_at):
        return None
    days = {timezone.localdate(question.known_at)}
    for kind in requirement_kinds:
        if not kind.is_in_house:
            of_kind = kind.turning_days(evidence.shown[kind.key])
            if of_kind is None and _is_asked_for(kind.key, facts):
                return None
            days.update(of_kind or ())
    days.update(_of_ledger(evidence, facts))
    days.update(_of_posts(person, facts))
    return sorted(days)


def _is_asked_for(kind: str, facts: Facts) -> bool:
    return any(requirement.kind == kind for scheme in facts.schemes.schemes for requirement in requirements_of(scheme))


def _of_ledger(evidence: Evidence, facts: Facts) -> Iterator[dt.date]:
    """Yield when entries begin and end, with the days of grace of the schemes in force, and when readings are due."""
    graces = {scheme.pk: dt.timedelta(days=scheme.grace_days) for scheme in facts.schemes.schemes}
    for scheme, entries in evidence.entries.items():
        for entry in entries:
            yield entry.valid_from
            if entry.valid_to is not None:
                yield _after(entry.valid_to)
                yield _after(entry.valid_to, graces.get(scheme, DAY * 0))
    for readings in evidence.readings.values():
        for reading in readings:
            yield _after(reading.grace_until)
            yield timezone.localdate(reading.counts_from)
            if reading.confirmed_at is not None:
                yield timezone.localdate(reading.confirmed_at)


def _of_posts(person: int, facts: Facts) -> Iterator[dt.date]:
    """Yield when posts begin and end, on which conditions and places rest, and when work is stopped and resumed."""
    for records in facts.posts.trail.get(person, {}).values():
        for record in records:
            yield record.start
            if record.end is not None:
                yield _after(record.end)
    for stop in facts.stops:
        yield stop.starts_on
        if stop.resumes_on is not None:
            yield stop.resumes_on


def _after(day: dt.date, grace: dt.timedelta = DAY * 0) -> dt.date:
    return min(day, dt.date.max - DAY - grace) + grace + DAY
