"""Narrow people in the database to those the gate may allow, so that only the page shown is judged.

What is left out here the gate would refuse; it judges what is left, since corrections and rounds are not asked about
here. Few candidates are judged all, so that short lists and their counts are exact.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from certification.enums import EntryKind
from certification.judged import Judged
from certification.ledger.standing import GRANTING
from certification.models import DutyOverride, Guidance, LedgerEntry, Scheme, StatutoryCertificate
from certification.requirements.statutory import KIND as STATUTORY
from certification.schemes.progress import requirements_of
from certification.schemes.queries import SchemesInForce
from certification.statutory.cards import cards_needed
from portal.enums import Task
from portal.models import Assignment, EquipmentModel, Person
from portal.registry.duty import DutyAnswer, DutyQuestion, ask_many

# A moment no longer ago is now: posts are those on record.
NOW = dt.timedelta(seconds=5)
# What ends a revocation or a suspension when it is recorded later.
_RESTORES = {
    EntryKind.REVOKED: (EntryKind.GRANTED,),
    EntryKind.SUSPENDED: (EntryKind.GRANTED, EntryKind.REINSTATED, EntryKind.SUSPENDED, EntryKind.REVOKED),
}


def allowed_of(
    candidates: QuerySet[Person], on: dt.date, ask: Callable[[Person], DutyQuestion], *, alone: bool = False
) -> Judged[DutyAnswer]:
    """Return the answers for those of ``candidates`` who are allowed, by staff number.

    Args:
        ask: makes the question about one of them.
        alone: leave out who may only under somebody.
    """

    def judge(keys: list[int]) -> list[DutyAnswer]:
        people = Person.objects.filter(pk__in=keys).with_posts(on).order_by("staff_number")
        return [
            answer
            for answer in ask_many([ask(person) for person in people])
            if answer.allowed and not (alone and answer.only_under)
        ]

    return Judged(lambda: list(candidates.order_by("staff_number").values_list("pk", flat=True)), judge)


def may_work(schemes: SchemesInForce, equipment: EquipmentModel, task: Task, on: dt.date, known_at: dt.datetime) -> Q:
    """Return the condition of the people who may be allowed to do ``task`` on ``equipment``."""
    needed = cards_needed(equipment, task)
    openers = schemes.openers(equipment, task)
    if needed.refusals:
        return Q(pk__in=())
    answered_for = Q(pk__in=_overrides(on, known_at).order_by().values("person"))
    if not openers:
        return answered_for
    answered_for |= Q(pk__in=_learners(openers, on, known_at).order_by().values("learner"))
    found = reduce(or_, (_may_hold(scheme, on, known_at) for scheme in schemes.with_above(openers)))
    for kind in needed.kinds:
        found &= Q(Exists(_cards(kind.pk, on, known_at)))
    for condition in schemes.schemes:
        if condition in schemes.conditions(equipment, task, schemes.positions[condition.pk]):
            doing = schemes.with_above([condition])
            found &= reduce(or_, (_meets(each, schemes.positions[condition.pk], on, known_at) for each in doing))
    return found | answered_for


def _overrides(on: dt.date, known_at: dt.datetime) -> QuerySet[DutyOverride]:
    """Return the overrides of that day, withdrawn ones too: few, and judged by the gate."""
    return DutyOverride.objects.filter(starts_on__lte=on, ends_on__gte=on, recorded_at__lte=known_at)


def _learners(schemes: Sequence[Scheme], on: dt.date, known_at: dt.datetime) -> QuerySet[Guidance]:
    """Return the guidances of that day, ended ones too: few, and judged by the gate."""
    return Guidance.objects.filter(scheme__in=schemes, starts_on__lte=on, ends_on__gte=on, recorded_at__lte=known_at)


def may_hold_all(all_of: SchemesInForce, schemes: Sequence[Scheme], on: dt.date, known_at: dt.datetime) -> Q:
    """Return the condition of the people who may hold every one of ``schemes``, or a higher level of its track."""
    each = (_any_of(_may_hold, all_of.with_above([scheme]), on, known_at) for scheme in schemes)
    return reduce(and_, each, Q())


def holds_all(all_of: SchemesInForce, schemes: Sequence[Scheme], on: dt.date, known_at: dt.datetime) -> Q:
    """Return the same condition, asked of each person by turns: for the first few of many who do not meet it."""
    each = (_any_of(_holds, all_of.with_above([scheme]), on, known_at) for scheme in schemes)
    return reduce(and_, each, Q())


def _any_of(holds: Callable[..., Q], schemes: Sequence[Scheme], on: dt.date, known_at: dt.datetime) -> Q:
    return reduce(or_, (holds(scheme, on, known_at) for scheme in schemes))


def _holds(scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Q:
    held = Q(Exists(_grants(scheme, on, known_at).filter(person=OuterRef("pk"))))
    return _with_cards(held, scheme, on, known_at)


def _may_hold(scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Q:
    """Return the condition of a grant that covers the day, and of the cards the scheme asks for."""
    found = Q(pk__in=_grants(scheme, on, known_at).order_by().values("person"))
    return _with_cards(found, scheme, on, known_at)


def _meets(condition: Scheme, positions: frozenset[int], on: dt.date, known_at: dt.datetime) -> Q:
    """Return the condition of who holds a condition, or none of the positions it is for."""
    # Asked for each candidate: a condition of everybody has as many holders as there are people.
    held = _holds(condition, on, known_at)
    if not positions:
        return held
    if known_at < timezone.now() - NOW:
        # Which posts were on record then, the gate looks up.
        return Q()
    posts = Assignment.objects.valid_on(on).filter(person=OuterRef("pk"), position__in=positions)
    return held | ~Q(Exists(posts))


def _with_cards(found: Q, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Q:
    for requirement in requirements_of(scheme):
        if requirement.kind == STATUTORY.key and requirement.statutory_kind_id:
            found &= Q(Exists(_cards(requirement.statutory_kind_id, on, known_at)))
    return found


def _grants(scheme: Scheme, on: dt.date, known_at: dt.datetime) -> QuerySet[LedgerEntry]:
    """Return the entries that may make the scheme valid on the day: grants, and corrections of others."""
    entries = LedgerEntry.objects.filter(
        scheme=scheme,
        kind__in=[*sorted(GRANTING), EntryKind.CORRECTED],
        is_void=False,
        valid_from__lte=on,
        recorded_at__lte=known_at,
    ).filter(Q(valid_to__gte=on - dt.timedelta(days=scheme.grace_days)) | Q(valid_to__isnull=True))
    for kind, restoring in _RESTORES.items():
        entries = entries.filter(~Exists(_taken_away(scheme, kind, restoring, on, known_at)))
    return entries


def _taken_away(
    scheme: Scheme, kind: EntryKind, restoring: Sequence[EntryKind], on: dt.date, known_at: dt.datetime
) -> QuerySet[LedgerEntry]:
    """Return the acts of a kind in force that day that nothing recorded later has corrected or ended."""
    of_person = LedgerEntry.objects.filter(person=OuterRef("person"), scheme=scheme)
    later = LedgerEntry.objects.filter(
        person=OuterRef("person"), scheme=scheme, kind__in=restoring, recorded_at__gte=OuterRef("recorded_at")
    ).exclude(pk=OuterRef("pk"))
    return of_person.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        ~Exists(later),
        ~Exists(LedgerEntry.objects.filter(corrects=OuterRef("pk"))),
        kind=kind,
        valid_from__lte=on,
        recorded_at__lte=known_at,
    )


def _cards(kind: int, on: dt.date, known_at: dt.datetime) -> QuerySet[StatutoryCertificate]:
    """Return the cards of a kind that may be relied on that day."""
    cards = StatutoryCertificate.objects.filter(
        person=OuterRef("pk"), kind=kind, valid_from__lte=on, recorded_at__lte=known_at
    )
    return cards.alias(last=Least(F("valid_to"), Coalesce("review_due", "valid_to"))).filter(last__gte=on)
