"""Skills matrix of people × schemes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.enums import Stage, Standing
from certification.ledger.standing import StandingOn, standing
from certification.models import Scheme
from certification.requirements.evidence import entries_of
from certification.wording import lamp
from portal.models import Assignment, Person, PortalSettings


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
    return Scheme.objects.filter(Q(pk__in=held) | Q(pk__in=needed), is_active=True).with_reach().order_by("code")
