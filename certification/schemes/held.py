"""Qualifications somebody holds already to which a training would lead."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Model
from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import StandingOn, standing_under
from certification.models import Scheme
from certification.requirements.evidence import entries_of, evidence_of
from certification.schemes.progress import lacking_on_the_day, load_requirements
from portal.models import Person, PortalSettings
from portal.registry.held import Held


def held_by_training(person: Person, modules: Collection[Model]) -> list[Held]:
    """Return the qualifications ``person`` holds today by schemes that ask for hours of ``modules``."""
    schemes = Scheme.objects.in_force().filter(requirements__module__in=modules).distinct().order_by("code")
    return [
        Held(
            scheme.name,
            where.until,
            where.standing in (Standing.EXPIRING, Standing.GRACE),
            where.valid_to if where.grace_until else None,
        )
        for scheme, where in standings_today(person, list(schemes))
        if where.until is not None
    ]


def held_for(person: Person, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Scheme | None:
    """Return the scheme ``person`` relies on where ``scheme`` is demanded: itself, else a higher level of its track."""
    doing = sorted(Scheme.objects.doing_for([scheme.pk]), key=lambda each: (each.pk != scheme.pk, each.level))
    entries = entries_of([person.pk], [each.pk for each in doing])[person.pk]
    return next((each for each in doing if standing_under(each, entries[each.pk], on, known_at).counts), None)


def relied_on_for(person: Person, scheme: Scheme, on: dt.date, known_at: dt.datetime) -> Scheme | None:
    """Return the higher level of the track that does for ``scheme`` that day: held, and lacking nothing on the day."""
    higher = load_requirements(Scheme.objects.doing_for([scheme.pk]).exclude(pk=scheme.pk).order_by("level", "code"))
    if not higher:
        return None
    shown = evidence_of([person.pk], [each.pk for each in higher])[person.pk]
    held = (each for each in higher if standing_under(each, shown.entries[each.pk], on, known_at).counts)
    return next((each for each in held if not lacking_on_the_day(shown, each, on, known_at)), None)


def standings_today(person: Person, schemes: Collection[Scheme]) -> list[tuple[Scheme, StandingOn]]:
    """Return where each of ``schemes`` stands today for ``person``: two queries."""
    if not schemes:
        return []
    today, expiring_days = timezone.localdate(), PortalSettings.load().expiring_days
    entries = entries_of([person.pk], [scheme.pk for scheme in schemes])[person.pk]
    return [
        (scheme, standing_under(scheme, entries[scheme.pk], today, expiring_days=expiring_days)) for scheme in schemes
    ]
