"""What contradicts a record of before the portal: asked of one record or of all rows of a table, in a few queries."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from certification.enums import TakenOverKind
from certification.ledger.standing import facts_known
from certification.models import Checklist, LedgerEntry, Quiz, Scheme, TakenOver
from certification.models.takeover import SUBJECTS
from certification.requirements.base import day_text
from courses.models import TrainingModule
from portal.models import Person

Subject = Scheme | Quiz | Checklist | TrainingModule
# Field and sentence.
Found = list[tuple[str, str]]


@dataclass(frozen=True)
class Facts:
    """What is to be taken over.

    Args:
        on: the day it was shown, of a certificate the first day.
    """

    kind: TakenOverKind
    person: Person
    subject: Subject
    on: dt.date
    vouched_by: Person
    until: dt.date | None = None
    number: str = ""
    score: int | None = None
    minutes: int | None = None
    examiner: str = ""
    remark: str = ""

    @property
    def key(self) -> tuple[int, str, int, dt.date | None]:
        """What there may be one of: a certificate a scheme, anything else a day."""
        day = None if self.kind == TakenOverKind.CERTIFICATE else self.on
        return self.person.pk, self.kind, self.subject.pk, day


@dataclass
class Known:
    """What is on record already, and what stands in the rows before."""

    granted: set[tuple[int, int]] = field(default_factory=set)
    taken: set[tuple[int, str, int, dt.date | None]] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def add(self, facts: Facts) -> None:
        """Note what is being taken over, for the rows after it."""
        self.taken.add(facts.key)
        if facts.number and facts.kind == TakenOverKind.CERTIFICATE:
            self.numbers.add(facts.number)


def known_about(people: Collection[int], numbers: Iterable[str] = ()) -> Known:
    """Load what is on record about these people, and which numbers are taken: three queries."""
    entries: dict[tuple[int, int], list[LedgerEntry]] = {}
    for entry in LedgerEntry.objects.filter(person__in=people):
        entries.setdefault((entry.person_id, entry.scheme_id), []).append(entry)
    granted = {key for key, found in entries.items() if facts_known(found)}
    counting = TakenOver.objects.filter(withdrawn_at__isnull=True)
    shown = counting.filter(person__in=people).exclude(kind=TakenOverKind.CERTIFICATE)
    taken = {(each.person_id, each.kind, getattr(each, f"{SUBJECTS[each.kind]}_id"), each.on) for each in shown}
    named = counting.filter(kind=TakenOverKind.CERTIFICATE, number__in=list(numbers))
    return Known(granted, taken, set(named.values_list("number", flat=True)))


def contradictions(facts: Facts, known: Known, today: dt.date) -> Found:
    """Return what speaks against taking it over, by field; nothing where it can be."""
    found: Found = []
    if facts.on > today:
        found.append(("on", _("The day lies in the future.")))
    if facts.vouched_by.pk == facts.person.pk:
        found.append(("vouched_by", _("Nobody vouches for themselves.")))
    if facts.kind == TakenOverKind.CERTIFICATE:
        return found + _of_certificate(facts, known)
    if facts.kind == TakenOverKind.QUIZ and isinstance(facts.subject, Quiz):
        found += _of_quiz(facts, facts.subject)
    if facts.kind == TakenOverKind.HOURS and not facts.minutes:
        found.append(("minutes", _("Earlier hours need at least one minute.")))
    if facts.key in known.taken:
        found.append(("on", _("This was taken over for that day already.")))
    return found


def _of_certificate(facts: Facts, known: Known) -> Found:
    found: Found = []
    if not facts.number:
        found.append(("number", _("An earlier certificate has a number.")))
    elif facts.number in known.numbers:
        found.append(("number", _("A certificate with this number was taken over already.")))
    if facts.until is None:
        found.append(("until", _("A qualification holds until a day; give the last one.")))
    elif facts.until < facts.on:
        text = _("It would have ended on %(last)s, before it began on %(first)s.")
        found.append(("until", text % {"last": day_text(facts.until), "first": day_text(facts.on)}))
    if (facts.person.pk, facts.subject.pk) in known.granted or facts.key in known.taken:
        found.append(("subject", _("This person was granted the qualification already.")))
    return found


def _of_quiz(facts: Facts, quiz: Quiz) -> Found:
    if facts.score is None or not 0 <= facts.score <= 100:
        return [("score", _("An earlier paper needs its score, from 0 to 100."))]
    if facts.score < quiz.pass_mark:
        said = {"score": facts.score, "mark": quiz.pass_mark}
        return [("score", _("Not passed: %(score)s points, %(mark)s needed. Only passed papers count.") % said)]
    return []
