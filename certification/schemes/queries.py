"""Queries on schemes: in force, by equipment and task, by position, by person."""

import datetime as dt
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from certification.enums import SchemeEffect
from certification.kinds import requirement_kinds
from certification.models import LedgerEntry, Scheme
from certification.schemes.loading import Subjects, load_in_force
from certification.schemes.progress import load_requirements
from certification.schemes.reach import Reach, is_condition_of, tasks_of
from portal.access.once import once
from portal.bar.earlier import Unsettled, unsettled_from
from portal.models import EquipmentModel, Person, PortalSettings, Position


@dataclass(frozen=True)
class SchemesInForce:
    """Every scheme that counts, loaded once and asked in memory for any machine, task and post.

    What reaches a task on a machine is found once, however many people are asked about.
    """

    schemes: list[Scheme]
    positions: dict[int, frozenset[int]]
    # The setting of the portal, read with the schemes; None when there were none.
    expiring_days: int | None = None
    # Rows of stops of work, read with the schemes.
    stops: list[list[Any]] = field(default_factory=list)
    # Changes of the bar that wait for a second person, read with the schemes.
    unsettled: tuple[Unsettled, ...] = ()
    _reaches: dict[int, Reach] = field(default_factory=dict, compare=False, repr=False)
    _reaching: dict[tuple[Hashable, ...], tuple[Scheme, ...]] = field(default_factory=dict, compare=False, repr=False)

    def covering(self, equipment: EquipmentModel, task: str) -> tuple[Scheme, ...]:
        """Return what bears on the task on the machine, conditions of anybody's included, the nearest scope first."""
        # A machine is also asked about as it stood earlier.
        key = (equipment.pk, equipment.category.stood_in, str(task))
        if key not in self._reaching:
            self._reaching[key] = tuple(self._covering(equipment, task))
        return self._reaching[key]

    def _covering(self, equipment: EquipmentModel, task: str) -> list[Scheme]:
        if len(self._reaches) != len(self.schemes):
            self._reaches.update((scheme.pk, Reach.of(scheme)) for scheme in self.schemes)
        reaches = [(self._reaches[scheme.pk], scheme) for scheme in self.schemes]
        found = [(reach.depth(equipment), scheme) for reach, scheme in reaches if reach.includes(task)]
        near = [(depth, scheme) for depth, scheme in found if depth is not None]
        return [scheme for _depth, scheme in sorted(near, key=lambda pair: (-pair[0], pair[1].code))]

    def openers(self, equipment: EquipmentModel, task: str) -> list[Scheme]:
        """Return the schemes any one of which opens the task on the machine, the nearest scope first."""
        return [scheme for scheme in self.covering(equipment, task) if not scheme.is_condition]

    def conditions(self, equipment: EquipmentModel, task: str, held: Collection[int]) -> list[Scheme]:
        """Return the schemes that must hold besides for somebody in the positions ``held``."""
        covering = [scheme for scheme in self.covering(equipment, task) if scheme.is_condition]
        return [scheme for scheme in covering if self._concerns(scheme, held)]

    def above(self, scheme: Scheme) -> list[Scheme]:
        """Return the higher levels of the scheme's track, the next one first; nothing without a track."""
        found = [each for each in self.schemes if each.pk != scheme.pk and each.does_for(scheme)]
        return sorted(found, key=lambda each: (each.level, each.code))

    def with_above(self, schemes: Iterable[Scheme]) -> list[Scheme]:
        """Return the schemes with those that do for them, each once."""
        listed = list(schemes)
        return list({each.pk: each for one in listed for each in (one, *self.above(one))}.values())

    def openers_of_post(self, position: Position) -> list[Scheme]:
        """Return the opening schemes that name the post: it takes all of them."""
        return [scheme for scheme in self.required(position) if not scheme.is_condition]

    def conditions_of_post(self, position: Position) -> list[Scheme]:
        """Return what must hold besides: the conditions the post requires, and those of all work of everybody."""
        named = [scheme for scheme in self.required(position) if scheme.is_condition]
        return named + [scheme for scheme in self.schemes if self.is_general(scheme)]

    def required(self, position: Position) -> list[Scheme]:
        """Return the schemes that name the post, those that open and conditions alike: all must be held."""
        return [scheme for scheme in self.schemes if position.pk in self.positions[scheme.pk]]

    def is_general(self, scheme: Scheme) -> bool:
        """Whether the scheme is a condition of every task on all equipment for everybody."""
        if not scheme.is_condition or self.positions[scheme.pk]:
            return False
        return not tasks_of(scheme) and not scheme.scopes.all()

    def _concerns(self, scheme: Scheme, held: Collection[int]) -> bool:
        required = self.positions[scheme.pk]
        return not required or not required.isdisjoint(held)


def schemes_in_force(about: Subjects | None = None) -> SchemesInForce:
    """Load the schemes in force with tasks, scopes, requirements and positions: one query, however many.

    Args:
        about: only those that may bear on these machines and posts.
    """
    loaded = load_in_force(about)
    # What reaches a machine is remembered with the schemes as long as they are.
    return once(
        ("in force", id(loaded)),
        lambda: SchemesInForce(
            loaded.schemes, loaded.positions, loaded.expiring_days, loaded.stops, unsettled_from(loaded.unsettled)
        ),
    )


def expiring_days() -> int:
    """Return how many days before its last one a grant is shown as expiring, as read with the schemes in force."""
    days = schemes_in_force().expiring_days
    return PortalSettings.load().expiring_days if days is None else days


def positions_of(schemes: Iterable[Scheme]) -> dict[int, frozenset[int]]:
    """Return the positions that require each scheme: one query."""
    found: dict[int, set[int]] = {scheme.pk: set() for scheme in schemes}
    rows = Scheme.positions.through.objects.filter(scheme__in=found).values_list("scheme_id", "position_id")
    for scheme, position in rows:
        found[scheme].add(position)
    return {pk: frozenset(positions) for pk, positions in found.items()}


def schemes_covering(equipment: EquipmentModel, task: str) -> list[Scheme]:
    """Return the schemes in force that open ``task`` on the machine, the nearest scope first, requirements loaded."""
    return schemes_in_force(Subjects([equipment])).openers(equipment, task)


def schemes_of_person(person: Person, day: dt.date) -> list[Scheme]:
    """Return the schemes that concern ``person``: required by a position held that day, begun, or a condition of these.

    Begun means a ledger entry, or something shown that a kind of requirement counts as a beginning.
    """
    assignments = person.assignments.valid_on(day).values("position")
    # Rows of this person only: a join to the whole ledger beside those of the kinds multiplies with its size.
    held = Q(pk__in=LedgerEntry.objects.filter(person=person).order_by().values("scheme"))
    concerned = Q(positions__in=assignments) | held
    for kind in requirement_kinds:
        concerned |= kind.begun_by(person) or Q()
    of_everybody = Q(effect=SchemeEffect.CONDITION, positions=None)
    own = set(Scheme.objects.filter(concerned).values_list("pk", flat=True))
    found = Scheme.objects.filter(Q(is_active=True) | held, Q(pk__in=own) | of_everybody).distinct()
    schemes = list(found.with_reach().order_by("code"))
    openers = [scheme for scheme in schemes if not scheme.is_condition]
    return load_requirements(
        scheme for scheme in schemes if scheme.pk in own or any(is_condition_of(scheme, opener) for opener in openers)
    )


def required_scheme_ids(person: Person, day: dt.date) -> set[int]:
    """Return the schemes the person's positions require that day."""
    assignments = person.assignments.valid_on(day).values("position")
    return set(Scheme.objects.in_force().filter(positions__in=assignments).values_list("pk", flat=True))
