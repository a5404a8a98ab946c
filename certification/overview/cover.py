"""Cover of outlets: qualified people present and required."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import standing
from certification.models import Scheme
from certification.requirements.evidence import entries_of
from portal.models import Organisation, PersonQuerySet, PortalSettings


@dataclass
class Cover:
    """How an outlet is covered."""

    organisation: Organisation
    people: int = 0
    certified: set[int] = field(default_factory=set)
    expiring: set[int] = field(default_factory=set)

    def count(self, person: int, states: set[Standing]) -> None:
        """Count somebody who works there.

        Args:
            states: where the qualifications that are looked at stand.
        """
        self.people += 1
        if states & {Standing.VALID, Standing.EXPIRING}:
            self.certified.add(person)
            if Standing.VALID not in states:
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


def coverage(organisations: Iterable[Organisation], people: PersonQuerySet, schemes: Iterable[Scheme]) -> list[Cover]:
    """Return the cover of each organisation: who works there today and holds a valid qualification of ``schemes``.

    Somebody is expiring whose every valid qualification counted here ends soon.
    """
    covers = {organisation.pk: Cover(organisation) for organisation in organisations}
    today = timezone.localdate()
    members = list(people.belonging_to(Organisation.objects.filter(pk__in=covers), today).with_posts(today))
    entries = entries_of([person.pk for person in members], [scheme.pk for scheme in schemes])
    days = PortalSettings.load().expiring_days
    for person in members:
        states = {standing(listed, today, expiring_days=days).standing for listed in entries[person.pk].values()}
        for place in person.places:
            if place.pk in covers:
                covers[place.pk].count(person.pk, states)
    return list(covers.values())
