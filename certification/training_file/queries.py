"""Training file of a person (一人一档): stage, steps and certificate per scheme."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from certification.certificates.queries import certificates_of_entries
from certification.duty.work import Verdict, judge, lamp_of_included, opened_work, verdict_on
from certification.enums import Stage
from certification.ledger.standing import StandingOn
from certification.models import Certificate, Scheme, StatutoryCertificate
from certification.requirements.evidence import Entry, Evidence, evidence_of
from certification.requirements.hints import ShownReason, Step, steps_of, with_hints
from certification.requirements.quiz import failed_quizzes, open_quizzes
from certification.requirements.reasons import is_on_the_day
from certification.requirements.seats import SeatFinder
from certification.schemes.held import relied_on_for
from certification.schemes.progress import stage_of
from certification.schemes.queries import positions_of, required_scheme_ids, schemes_of_person
from certification.schemes.road import road_of
from certification.wording import days_left, lamp
from portal.models import Person, PortalSettings
from portal.registry.duty import Reason
from portal.ui.charts import Stop, road_chart


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
    verdict: Verdict = field(default_factory=Verdict)
    limit: str = ""
    renewed_from: int = 0
    # A higher level of the track that does for it: held, and with all it asks for on the day.
    instead: Scheme | None = None

    @property
    def missing_cards(self) -> list[Reason]:
        """What the scheme asks for on the day of duty (statutory cards) and does not hold today."""
        return [reason for reason in self.reasons if not reason.met and is_on_the_day(reason)]

    @property
    def is_allowed(self) -> bool:
        """Whether the gate lets work be done on it today; of a condition, whether it is met."""
        return self.is_held and not self.verdict.is_refused and not (self.missing_cards and not self.verdict.judged)

    @property
    def is_restricted(self) -> bool:
        """Whether the gate refuses some of the work it opens."""
        return (self.is_held or bool(self.instead)) and self.verdict.is_restricted

    @property
    def is_blocked(self) -> bool:
        """Whether the gate refuses all or some of the work although it, or a level that includes it, is held."""
        if self.is_held:
            return self.is_restricted or not self.is_allowed
        return bool(self.instead) and bool(self.verdict.refused)

    @property
    def refusals(self) -> list[str]:
        """Why the gate refuses work although the qualification is held; what a condition lacks today."""
        return self.verdict.messages if self.verdict.judged else [reason.message for reason in self.missing_cards]

    @property
    def lamp(self) -> str:
        """Colour of the stage."""
        return lamp_of_included(self.verdict) if self.instead else lamp(self.stage)

    @property
    def label(self) -> str:
        """The stage in words."""
        if self.instead:
            return _("Included in %(scheme)s") % {"scheme": self.instead.name}
        return str(self.stage.label)

    @property
    def is_held(self) -> bool:
        """Whether the gate relies on the qualification today: it stands, or its days of grace run."""
        return self.where.counts

    @property
    def days_left(self) -> int | None:
        """Days the qualification may still be relied on."""
        return days_left(self.where.until, self.today)

    @property
    def scheme_version(self) -> int | None:
        """Number of the scheme's version the grant rests on."""
        return cast("Entry", self.where.grant.root).version if self.where.grant else None

    @property
    def taken_over(self) -> str:
        """Number of the earlier certificate the grant was taken over from; empty for those granted here."""
        return cast("Entry", self.where.grant.root).taken_over if self.where.grant else ""

    @property
    def needs_work(self) -> bool:
        """Whether there is something to do: not held, nor a level that includes it, or to be renewed soon."""
        if self.instead:
            return False
        return not self.is_held or self.stage in (Stage.EXPIRING, Stage.GRACE)

    @property
    def failed_quizzes(self) -> list[str]:
        """Codes of the quizzes tried and not passed, for which a re-sit may be released."""
        return failed_quizzes(self.reasons)

    @property
    def open_quizzes(self) -> list[str]:
        """Codes of the quizzes that are not shown yet, from which somebody may be excused."""
        return open_quizzes(self.reasons)

    @cached_property
    def steps(self) -> list[Step]:
        """The requirements as steps."""
        return steps_of(self.reasons, self.seats)

    @cached_property
    def road(self) -> list[Stop]:
        """The stops on the way to the qualification, or to its renewal."""
        # Where the next course is held is looked up for who has something to do.
        steps = self.steps if self.needs_work else steps_of(self.reasons, None)
        return road_of(self.scheme, self.where, self.reasons, steps, on=self.today, renewed_from=self.renewed_from)

    @property
    def road_picture(self) -> SafeString:
        """The road drawn."""
        return road_chart(_("The road to %(scheme)s") % {"scheme": self.scheme.name}, self.road)

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
            limit=evidence.limit(scheme.pk, now),
            renewed_from=scheme.renewed_from(expiring),
        )
        for scheme, stage, where, reasons in judged
    ]
    for file in files:
        file.instead = _higher_held(file, files)
    _ask_gate(person, files, day, now)
    return sorted(files, key=lambda file: (file.is_held or bool(file.instead), not file.is_required, file.scheme.code))


def _higher_held(file: SchemeFile, files: Iterable[SchemeFile]) -> Scheme | None:
    """Return the level that does for a scheme which is not held itself, the lowest of those relied on today."""
    if file.is_held:
        return None
    relied = (each.scheme for each in files if each.is_held and not each.missing_cards)
    doing = [scheme for scheme in relied if scheme.does_for(file.scheme)]
    return min(doing, key=lambda scheme: (scheme.level, scheme.code), default=None)


def file_of(person: Person, scheme: Scheme) -> SchemeFile:
    """Return one scheme in a person's file, whether it concerns the person or not."""
    now = timezone.now()
    day, expiring = timezone.localdate(now), PortalSettings.load().expiring_days
    evidence = evidence_of([person.pk], [scheme.pk])[person.pk]
    stage, where, reasons = stage_of(evidence, scheme, day, now, expiring)
    grant = where.grant.root.pk if where.grant else None
    certificate = certificates_of_entries([grant]).get(grant) if grant else None
    is_required = scheme.pk in required_scheme_ids(person, day)
    file = SchemeFile(
        scheme,
        stage,
        where,
        reasons,
        is_required,
        certificate,
        SeatFinder(person),
        day,
        limit=evidence.limit(scheme.pk, now),
        renewed_from=scheme.renewed_from(expiring),
    )
    if not file.is_held and scheme.track:
        file.instead = relied_on_for(person, scheme, day, now)
    _ask_gate(person, [file], day, now)
    return file


def _ask_gate(person: Person, files: list[SchemeFile], day: dt.date, now: dt.datetime) -> None:
    """Note with each scheme that is held, or included in a level that is, and opens work what the gate says of it."""
    held = [file for file in files if (file.is_held or file.instead) and not file.scheme.is_condition]
    if not held:
        return
    judged = judge([person], {person.pk: {file.scheme.pk for file in held}}, opened_work(), day, now)
    for file in held:
        file.verdict = verdict_on(file.scheme, judged[person.pk])


def statutory_of(person: Person) -> list[StatutoryCertificate]:
    """Return the cards on record that were not withdrawn, those that end first at the top."""
    cards = StatutoryCertificate.objects.filter(person=person, withdrawn_on__isnull=True)
    return list(cards.select_related("kind", "verified_by").order_by("valid_to"))
