"""Cover of outlets: how many qualified people each has and needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import standing
from certification.models import Scheme
from certification.requirements.evidence import entries_of
from portal.models import Organisation, Person, PortalSettings


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


def coverage(organisations: Iterable[Organisation], people: QuerySet[Person], schemes: Iterable[Scheme]) -> list[Cover]:
    """Return the cover of each organisation: its people holding a valid qualification of any of ``schemes``.

    Somebody is expiring whose every valid qualification counted here ends soon.
    """
    covers = {organisation.pk: Cover(organisation) for organisation in organisations}
    members = list(people.filter(organisation__in=covers).values_list("pk", "organisation_id"))
    entries = entries_of([pk for pk, _place in members], [scheme.pk for scheme in schemes])
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
