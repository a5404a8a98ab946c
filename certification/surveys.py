"""The network at a glance: skills matrix, coverage of outlets, who is allowed on a machine."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.duty import answers
from certification.enums import Stage, Standing
from certification.evidence import entries_of
from certification.models import Scheme
from certification.permissions import files_in_sight
from certification.queries import schemes_covering
from certification.standing import StandingOn, standing
from certification.wording import lamp
from portal.access.sight import people_in_sight
from portal.models import Assignment, EquipmentModel, Organisation, Person, PortalSettings
from portal.registry.duty import DutyAnswer


@dataclass(frozen=True)
class Cell:
    """One person and one scheme."""

    scheme: Scheme
    where: StandingOn

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever granted."""
        return self.where.standing == Standing.NONE

    @property
    def label(self) -> str:
        """The standing in words."""
        return str(Standing(self.where.standing).label)

    @property
    def lamp(self) -> str:
        """The colour of the standing."""
        return "grey" if self.is_empty else lamp(Stage(self.where.standing.value))


@dataclass(frozen=True)
class Row:
    """One person of the matrix."""

    person: Person
    cells: list[Cell]


def matrix_rows(people: Sequence[Person], schemes: Sequence[Scheme]) -> list[Row]:
    """Return a row a person with a cell a scheme: two queries for a whole page."""
    today = timezone.localdate()
    days = PortalSettings.load().expiring_days
    entries = entries_of([person.pk for person in people], [scheme.pk for scheme in schemes])
    return [
        Row(
            person,
            [
                Cell(scheme, standing(entries[person.pk].get(scheme.pk, ()), today, expiring_days=days))
                for scheme in schemes
            ],
        )
        for person in people
    ]


def schemes_in_use(people: QuerySet[Person]) -> QuerySet[Scheme]:
    """Return the schemes somebody of ``people`` has in the ledger or needs for a position."""
    today = timezone.localdate()
    positions = Assignment.objects.valid_on(today).filter(person__in=people).values("position")
    held = Scheme.objects.filter(ledger__person__in=people).values("pk")
    needed = Scheme.objects.filter(positions__in=positions).values("pk")
    return (
        Scheme.objects.filter(Q(pk__in=held) | Q(pk__in=needed), is_active=True)
        .select_related("category")
        .order_by("code")
    )


@dataclass
class Cover:
    """How an outlet is covered."""

    organisation: Organisation
    people: int = 0
    certified: set[int] = field(default_factory=set)
    expiring: set[int] = field(default_factory=set)

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
    organisations: Iterable[Organisation], people: QuerySet[Person], scheme: Scheme | None = None
) -> list[Cover]:
    """Return the cover of each organisation: its people holding a valid qualification (of ``scheme``, or any).

    Somebody is expiring whose every valid qualification counted here ends soon.
    """
    covers = {organisation.pk: Cover(organisation) for organisation in organisations}
    members = list(people.filter(organisation__in=covers).values_list("pk", "organisation_id"))
    entries = entries_of([pk for pk, _place in members], [scheme.pk] if scheme else None)
    today = timezone.localdate()
    days = PortalSettings.load().expiring_days
    for pk, place in members:
        cover = covers[place]
        cover.people += 1
        states = {standing(listed, today, expiring_days=days).standing for listed in entries[pk].values()}
        if states & {Standing.VALID, Standing.EXPIRING}:
            cover.certified.add(pk)
            if Standing.VALID not in states:
                cover.expiring.add(pk)
    return list(covers.values())


def allowed_on(
    asker: Person,
    equipment: EquipmentModel,
    on: dt.date,
    known_at: dt.datetime | None = None,
    *,
    with_former: bool = False,
) -> list[DutyAnswer]:
    """Return the answers for the people in sight who may work on ``equipment`` that day, by staff number.

    Args:
        with_former: look at people who are no longer active too, as an auditor of a past day does.
    """
    schemes = schemes_covering(equipment)
    people = people_in_sight(asker) if with_former else files_in_sight(asker)
    holders = people.filter(ledger__scheme__in=schemes).select_related("organisation").distinct()
    asked = answers(holders.order_by("staff_number"), equipment, on, known_at or timezone.now())
    return [answer for answer in asked if answer.allowed]
