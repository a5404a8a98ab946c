"""Cover of outlets: people the gate allows, against how many are needed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from certification.duty.counting import ask_to_count
from certification.duty.work import Work, ask_until, opened_work, standing_until
from certification.enums import ReasonCode, SchemeEffect
from certification.ledger.standing import standing_under
from certification.models import Scheme
from certification.requirements.evidence import Evidence, entries_of, evidence_of
from certification.schemes.progress import lacking_on_the_day
from certification.schemes.queries import expiring_days, schemes_in_force
from portal.enums import Task
from portal.models import EquipmentModel, Organisation, Person, PersonQuerySet
from portal.registry.duty import DutyAnswer, DutyQuestion, Reason


@dataclass(frozen=True)
class Wanted:
    """What people are counted for; everything left out is whatever schemes open.

    Args:
        scheme: work this scheme opens, done by who holds it; a condition is counted by itself.
    """

    scheme: Scheme | None = None
    task: Task | None = None
    equipment: EquipmentModel | None = None

    def work(self) -> list[Work]:
        """Return the work that counts; a fixed number of queries."""
        found = opened_work([self.equipment] if self.equipment else None)
        if self.scheme is not None:
            return [each for each in found if self.scheme.pk in each.openers]
        return [each for each in found if self.task is None or each.task == self.task]


@dataclass
class Cover:
    """How an outlet is covered."""

    organisation: Organisation
    people: int = 0
    certified: set[int] = field(default_factory=set)
    expiring: set[int] = field(default_factory=set)

    def count(self, person: int, until: dt.date | None, soon: dt.date) -> None:
        """Count somebody who works there.

        Args:
            until: the last day of what the person may do; None for who may do nothing.
            soon: who may not work beyond this day is expiring.
        """
        self.people += 1
        if until is not None:
            self.certified.add(person)
            if until < soon:
                self.expiring.add(person)

    @property
    def needed(self) -> int:
        """How many certified people the outlet needs."""
        return self.organisation.min_certified

    @property
    def lamp(self) -> str:
        """Red below what is needed, amber if it falls below once the expiring ones are gone, else green."""
        if len(self.certified) < self.needed:
            return "red"
        return "amber" if len(self.certified - self.expiring) < self.needed else "green"


def coverage(
    organisations: Iterable[Organisation], people: PersonQuerySet, wanted: Wanted, on: dt.date | None = None
) -> list[Cover]:
    """Return the cover of each organisation: who works there on the day and is allowed by the gate.

    Somebody is expiring whom nothing counted here allows beyond the next days (``PortalSettings.expiring_days``).
    A fixed number of queries, whatever the number of people.
    """
    covers = {organisation.pk: Cover(organisation) for organisation in organisations}
    day = on or timezone.localdate()
    soon = day + dt.timedelta(days=expiring_days())
    near = people.possibly_at(list(covers), day, day)
    members = list(near.belonging_to(Organisation.objects.filter(pk__in=covers), day).with_posts(day))
    last_days = _last_days(members, wanted, day, soon)
    for person in members:
        for place in person.places:
            if place.pk in covers:
                covers[place.pk].count(person.pk, last_days.get(person.pk), soon)
    return list(covers.values())


def _last_days(people: Sequence[Person], wanted: Wanted, day: dt.date, soon: dt.date) -> dict[int, dt.date]:
    """Return until when each of ``people`` may do what is wanted, for those who may on ``day``.

    Whoever may do some of it until ``soon`` is asked about nothing else.
    """
    now = timezone.now()
    if wanted.scheme is not None and wanted.scheme.is_condition:
        doing = schemes_in_force().with_above([wanted.scheme])
        evidence = evidence_of([person.pk for person in people], [each.pk for each in doing])
        ends = {key: _condition_until(shown, doing, day, now) for key, shown in evidence.items()}
        return {key: until for key, until in ends.items() if until is not None}
    work = wanted.work()
    openers = {key for each in work for key in each.openers}
    if wanted.scheme:
        openers = {each.pk for each in schemes_in_force().with_above([wanted.scheme])}
    ends = {
        person: {key: last for key in openers & rows.keys() if (last := standing_until(rows[key], day, now))}
        for person, rows in entries_of([person.pk for person in people], openers, only_deciding=True).items()
    }
    asked = [found for person in people if (found := _questions(person, ends[person.pk], work, day, now))]
    answers = ask_until(asked, lambda answer: answer.allowed and last_day(answer) >= soon, ask_to_count)
    untils = {group[0].person.pk: _until(given) for group, given in zip(asked, answers, strict=True)}
    return {key: until for key, until in untils.items() if until is not None}


def _questions(
    person: Person, ends: Mapping[int, dt.date], work: Sequence[Work], day: dt.date, now: dt.datetime
) -> list[DutyQuestion]:
    """Return what the gate is asked about one person: the work that schemes they hold open, the longest held first."""
    lasting = [
        (max(ends[key] for key in each.openers & ends.keys()), each) for each in work if each.openers & ends.keys()
    ]
    lasting.sort(key=lambda pair: pair[0], reverse=True)
    return [each.question(person, day, now) for _end, each in lasting]


def _condition_until(evidence: Evidence, doing: Sequence[Scheme], day: dt.date, now: dt.datetime) -> dt.date | None:
    """Return until when the condition is met by one of the schemes that do for it."""
    ends = [
        standing_under(scheme, evidence.entries[scheme.pk], day, now).until
        for scheme in doing
        if not lacking_on_the_day(evidence, scheme, day, now)
    ]
    return max((end for end in ends if end is not None), default=None)


def _until(answers: Iterable[DutyAnswer]) -> dt.date | None:
    return max((last_day(answer) for answer in answers if answer.allowed), default=None)


def _is_opener(reason: Reason) -> bool:
    """Whether the reason is a qualification that opens the work, one in its days of grace too."""
    in_grace = reason.code == ReasonCode.IN_GRACE and reason.params.get("effect") == SchemeEffect.OPENS
    return reason.code == ReasonCode.CERTIFIED or in_grace


def last_day(answer: DutyAnswer) -> dt.date:
    """Return the last day an allowed answer rests on: of one qualification on a machine, of all in a post, and of
    every condition and card besides.
    """
    ends: dict[bool, list[dt.date]] = {True: [], False: []}
    for reason in answer.reasons:
        until = reason.params.get("grace_until") or reason.params.get("valid_to")
        if until:
            ends[_is_opener(reason)].append(dt.date.fromisoformat(until))
    openers = ends[True] if answer.position is not None or not ends[True] else [max(ends[True])]
    return min([*openers, *ends[False]], default=dt.date.max)
