"""Qualifications somebody holds already to which a training would lead."""

from collections.abc import Collection

from django.db.models import Model
from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import StandingOn, standing
from certification.models import Scheme
from certification.requirements.evidence import entries_of
from portal.models import Person, PortalSettings
from portal.registry.held import Held


def held_by_training(person: Person, modules: Collection[Model]) -> list[Held]:
    """Return the qualifications ``person`` holds today by schemes that ask for hours of ``modules``."""
    schemes = Scheme.objects.in_force().filter(requirements__module__in=modules).distinct().order_by("code")
    return [
        Held(scheme.name, where.valid_to, where.standing == Standing.EXPIRING)
        for scheme, where in standings_today(person, list(schemes))
        if where.is_valid and where.valid_to is not None
    ]


def standings_today(person: Person, schemes: Collection[Scheme]) -> list[tuple[Scheme, StandingOn]]:
    """Return where each of ``schemes`` stands today for ``person``: two queries."""
    if not schemes:
        return []
    today, expiring_days = timezone.localdate(), PortalSettings.load().expiring_days
    entries = entries_of([person.pk], [scheme.pk for scheme in schemes])[person.pk]
    return [(scheme, standing(entries[scheme.pk], today, expiring_days=expiring_days)) for scheme in schemes]
