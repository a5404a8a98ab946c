"""Training file of a person (一人一档): stage, steps and certificate per scheme."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from django.utils import timezone
from django.utils.functional import cached_property

from certification.certificates.queries import certificates_of_entries
from certification.enums import Stage
from certification.ledger.standing import StandingOn
from certification.models import Certificate, Scheme, StatutoryCertificate
from certification.requirements.base import is_on_the_day
from certification.requirements.evidence import Entry, Evidence, evidence_of
from certification.requirements.hints import ShownReason, Step, steps_of, with_hints
from certification.requirements.quiz import failed_quizzes
from certification.requirements.seats import SeatFinder
from certification.schemes.progress import stage_of
from certification.schemes.queries import positions_of, required_scheme_ids, schemes_of_person
from certification.schemes.reach import is_condition_of
from certification.wording import days_left, lamp
from portal.models import Person, PortalSettings
from portal.registry.duty import Reason


@dataclass
class SchemeFile:
    """One scheme in a person's file."""

    scheme: Scheme
    stage: Stage
    where: StandingOn
    reasons: Sequence[Reason]
    is_required: bool
    certificate: Certificate | None
    seats: SeatFinder
    today: dt.date = field(default_factory=timezone.localdate)
    blocked_by: list["SchemeFile"] = field(default_factory=list)

    @property
    def missing_cards(self) -> list[Reason]:
        """What the scheme asks for on the day of duty (statutory cards) and does not hold today."""
        return [reason for reason in self.reasons if not reason.met and is_on_the_day(reason)]

    @property
    def is_allowed(self) -> bool:
        """Whether it opens its tasks today: held, with its cards, and no condition that bears on it is unmet."""
        return self.is_held and not self.missing_cards and not self.blocked_by

    @property
    def lamp(self) -> str:
        """Colour of the stage."""
        return lamp(self.stage)

    @property
    def label(self) -> str:
        """The stage in words."""
        return str(self.stage.label)

    @property
    def is_held(self) -> bool:
        """Whether the qualification may be relied on today."""
        return self.where.is_valid

    @property
    def days_left(self) -> int | None:
        """Days the qualification still lasts."""
        return days_left(self.where.valid_to, self.today) if self.is_held else None

    @property
    def scheme_version(self) -> int | None:
        """Number of the scheme's version the grant rests on."""
        return cast("Entry", self.where.grant.root).version if self.where.grant else None

    @property
    def needs_work(self) -> bool:
        """Whether there is something to do: not held, or to be renewed soon."""
        return not self.is_held or self.stage == Stage.EXPIRING

    @property
    def failed_quizzes(self) -> list[str]:
        """Codes of the quizzes tried and not passed, for which a re-sit may be released."""
        return failed_quizzes(self.reasons)

    @cached_property
    def steps(self) -> list[Step]:
        """The requirements as steps."""
        return steps_of(self.reasons, self.seats)

    @cached_property
    def missing(self) -> list[ShownReason]:
        """What is still open, with hints."""
        return with_hints([reason for reason in self.reasons if not reason.met], self.seats)


def files_of(person: Person, on: dt.date | None = None) -> list[SchemeFile]:
    """Return the schemes that concern ``person``: those to work on first, required ones before others."""
    now = timezone.now()
    day = on or timezone.localdate(now)
    schemes = schemes_of_person(person, day)
    evidence = evidence_of([person.pk])[person.pk] if schemes else Evidence()
    required = required_scheme_ids(person, day)
    positions = positions_of(schemes)
    expiring = PortalSettings.load().expiring_days
    judged = [(scheme, *stage_of(evidence, scheme, day, now, expiring)) for scheme in schemes]
    grants = [where.grant.root.pk for _scheme, _stage, where, _reasons in judged if where.grant]
    certificates = certificates_of_entries(grants)
    seats = SeatFinder(person)
    files = [
        SchemeFile(
            scheme,
            stage,
            where,
            reasons,
            scheme.pk in required or (scheme.is_condition and not positions[scheme.pk]),
            certificates.get(where.grant.root.pk) if where.grant else None,
            seats,
            day,
        )
        for scheme, stage, where, reasons in judged
    ]
    _block(files)
    return sorted(files, key=lambda file: (file.is_held, not file.is_required, file.scheme.code))


def _block(files: list[SchemeFile]) -> None:
    """Note with each scheme that opens which unmet conditions of this person bear on it."""
    unmet = [file for file in files if file.scheme.is_condition and file.is_required and file.scheme.is_active]
    unmet = [file for file in unmet if not file.is_held or file.missing_cards]
    for file in files:
        if not file.scheme.is_condition:
            file.blocked_by = [other for other in unmet if is_condition_of(other.scheme, file.scheme)]


def statutory_of(person: Person) -> list[StatutoryCertificate]:
    """Return the cards on record that were not withdrawn, those that end first at the top."""
    cards = StatutoryCertificate.objects.filter(person=person, withdrawn_on__isnull=True)
    return list(cards.select_related("kind", "verified_by").order_by("valid_to"))
