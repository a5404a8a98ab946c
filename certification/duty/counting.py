"""The gate asked for who counts: how many are allowed on which days, not what is said to each of them.

Only what decides is read, and days that nothing on record tells apart are judged once: a forecast asks about the same
work month after month, and mostly nothing of a person begins or ends in between.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from certification.duty.facts import Facts, load
from certification.duty.gate import answer_strictly
from certification.kinds import requirement_kinds
from certification.requirements.evidence import Evidence
from certification.schemes.progress import requirements_of
from portal.models import AssignmentRecord
from portal.registry.duty import DutyAnswer, DutyQuestion

DAY, NONE = dt.timedelta(days=1), dt.timedelta()
# Whom a question is about, and as known when.
Who = tuple[int, dt.datetime]


def ask_to_count(questions: Sequence[DutyQuestion]) -> list[DutyAnswer]:
    """Answer many questions, in their order, as the gate does; for who counts and until when, not for what is said.

    The state of each answer is that of its day, and an allowed one names what it rests on. Days that nothing tells
    apart share the answer of the first one asked about, so that its sentences may speak of that day; a refusal may say
    that more is missing than is, see ``evidence_of``.
    """
    facts = load(questions, only_deciding=True)
    spans: dict[Who, set[dt.date]] = defaultdict(set)
    for question in questions:
        spans[_who(question)].add(question.on)
    turnings = Turnings(facts)
    days = {who: turnings.of(*who) if len(span) > 1 else None for who, span in spans.items()}
    known: dict[tuple[object, ...], DutyAnswer] = {}
    answers = []
    for question in questions:
        who = _who(question)
        turning = days[who]
        stretch = question.on if turning is None else bisect_right(turning, question.on)
        key = (*who, *_subject(question), stretch)
        if key not in known:
            known[key] = answer_strictly(question, facts)
        answers.append(known[key])
    return answers


def _who(question: DutyQuestion) -> Who:
    return question.person.pk, question.known_at


def _subject(question: DutyQuestion) -> tuple[object, ...]:
    machine, post = question.equipment, question.position
    return machine.pk if machine else None, question.task, post.pk if post else None


class Turnings:
    """The days from which on an answer about somebody may be another one.

    More may be named than matter, never fewer. In-house evidence turns nothing: it is asked for where no grant stands,
    and without one only an override or a guide allows, of which each day is asked.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        schemes = facts.schemes.schemes
        self._graces = {scheme.pk: dt.timedelta(days=scheme.grace_days) for scheme in schemes}
        self._kinds = [kind for kind in requirement_kinds if not kind.is_in_house]
        self._asking = {scheme.pk: {requirement.kind for requirement in requirements_of(scheme)} for scheme in schemes}
        stopped = {day for stop in facts.stops for day in (stop.starts_on, stop.resumes_on)}
        self._of_stops = {day for day in stopped if day is not None}

    def of(self, person: int, known_at: dt.datetime) -> list[dt.date] | None:
        """Return the days in their order; None where any day may be one."""
        evidence = self._facts.evidence[person]
        if evidence.overrides or evidence.guidances or self._facts.own.of(person, known_at):
            return None
        days = self._of_stops | {timezone.localdate(known_at)}
        for kind in self._kinds:
            of_kind = kind.turning_days(evidence.shown[kind.key])
            if of_kind is None and any(kind.key in self._asking.get(scheme, ()) for scheme in evidence.entries):
                return None
            days.update(of_kind or ())
        days.update(self._of_ledger(evidence))
        days.update(_of_readings(evidence))
        days.update(_of_posts(self._facts.posts.trail.get(person, {})))
        return sorted(days)

    def _of_ledger(self, evidence: Evidence) -> Iterator[dt.date]:
        """Yield when entries begin and end, and when the days of grace of their scheme do."""
        for scheme, entries in evidence.entries.items():
            grace = self._graces.get(scheme)
            for entry in entries:
                yield entry.valid_from
                if entry.valid_to is not None:
                    yield _after(entry.valid_to)
                    if grace:
                        yield _after(entry.valid_to, grace)


def _of_readings(evidence: Evidence) -> Iterator[dt.date]:
    """Yield when readings are due, are done, or what is shown anew begins to count."""
    for readings in evidence.readings.values():
        for reading in readings:
            yield _after(reading.grace_until)
            yield timezone.localdate(reading.counts_from)
            if reading.confirmed_at is not None:
                yield timezone.localdate(reading.confirmed_at)


def _of_posts(trail: Mapping[int, Sequence[AssignmentRecord]]) -> Iterator[dt.date]:
    """Yield when posts begin and end: conditions and the places of stops rest on them."""
    for records in trail.values():
        for record in records:
            yield record.start
            if record.end is not None:
                yield _after(record.end)


def _after(day: dt.date, grace: dt.timedelta = NONE) -> dt.date:
    """Return the first day after the last one and its grace, or the last day there is."""
    return day + grace + DAY if day < dt.date.max - grace - DAY else dt.date.max
