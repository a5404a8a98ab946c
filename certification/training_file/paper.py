"""The file of a person on paper (一人一档): what held on a day, as it was known at a moment."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.certificates.queries import certificates_of_entries
from certification.duty.assignments import posts_of
from certification.enums import Stage
from certification.ledger.standing import Fact
from certification.models import (
    Attempt,
    LedgerEntry,
    PracticalAssessment,
    ReadingConfirmation,
    Scheme,
    StatutoryCertificate,
)
from certification.requirements.evidence import evidence_of
from certification.results import with_results
from certification.schemes.progress import stage_of
from certification.schemes.queries import schemes_of_person
from courses.models import HourCredit
from kb.models import BulletinConfirmation
from portal.models import AssignmentRecord, Person, PortalSettings


@dataclass(frozen=True)
class Qualification:
    """Where one scheme stood.

    Args:
        grant: held or last held that day.
        number: of the certificate of the grant, empty without one.
        limit: what the person did not do although it was held.
    """

    scheme: Scheme
    stage: Stage
    grant: Fact | None
    number: str
    limit: str


@dataclass(frozen=True)
class CardOnPaper:
    """A statutory card and what was known of it."""

    card: StatutoryCertificate
    state: str
    is_verified: bool


@dataclass(frozen=True)
class Reading:
    """What was read and confirmed."""

    title: str
    at: dt.datetime


@dataclass(frozen=True)
class DossierPaper:
    """The parts of the paper; all of each, however many."""

    subject: Person
    on: dt.date
    known_at: dt.datetime
    is_past_knowledge: bool
    posts: list[AssignmentRecord]
    credits: list[HourCredit]
    minutes: int
    attempts: list[Any]
    practicals: list[PracticalAssessment]
    qualifications: list[Qualification]
    cards: list[CardOnPaper]
    readings: list[Reading]


def dossier_paper(person: Person, on: dt.date, known_at: dt.datetime | None = None) -> DossierPaper:
    """Return the file of ``person`` as of a day.

    Args:
        known_at: what was recorded later is left out; None for all that is on record.
    """
    moment = known_at or timezone.now()
    credits = HourCredit.objects.filter(person=person, earned_on__lte=on, recorded_at__lte=moment)
    credits = credits.select_related("module").order_by("earned_on", "pk")
    practicals = PracticalAssessment.objects.filter(person=person, assessed_on__lte=on, signed_at__lte=moment)
    return DossierPaper(
        subject=person,
        on=on,
        known_at=moment,
        is_past_knowledge=known_at is not None,
        posts=_posts(person, on, moment),
        credits=(rows := list(credits)),
        minutes=sum(row.minutes for row in rows),
        attempts=_attempts(person, on, moment),
        practicals=list(practicals.select_related("checklist", "assessor").order_by("assessed_on", "pk")),
        qualifications=_qualifications(person, on, moment),
        cards=_cards(person, on, moment),
        readings=_readings(person, on, moment),
    )


def _posts(person: Person, on: dt.date, known_at: dt.datetime) -> list[AssignmentRecord]:
    """Return the posts begun by that day, the first one first."""
    records = [record for record in posts_of([person.pk]).said(person.pk, known_at) if record.start <= on]
    prefetch_related_objects(records, "position", "organisation")
    return sorted(records, key=lambda record: (record.start, record.pk))


def _attempts(person: Person, on: dt.date, known_at: dt.datetime) -> list[Any]:
    """Return the quizzes passed by that day, each attempt once, by what was marked and regraded then."""
    attempts = with_results(Attempt.objects.filter(person=person, closed_at__lte=known_at), known_at)
    passed = attempts.filter(held_passed=True).select_related("quiz").order_by("closed_at", "pk")
    return [attempt for attempt in passed if timezone.localdate(attempt.closed_at) <= on]


def _qualifications(person: Person, on: dt.date, known_at: dt.datetime) -> list[Qualification]:
    """Return the schemes that concerned the person that day and those the ledger knew, by their codes."""
    evidence = evidence_of([person.pk])[person.pk]
    known = LedgerEntry.objects.filter(person=person, recorded_at__lte=known_at).values("scheme")
    schemes = {scheme.pk: scheme for scheme in [*schemes_of_person(person, on), *Scheme.objects.filter(pk__in=known)]}
    expiring = PortalSettings.load().expiring_days
    found = []
    for scheme in sorted(schemes.values(), key=lambda scheme: scheme.code):
        stage, where, _reasons = stage_of(evidence, scheme, on, known_at, expiring)
        # A grant that begins later is no certificate of that day.
        grant = where.grant if where.grant and where.grant.valid_from <= on else None
        found.append((scheme, stage, grant))
    numbers = certificates_of_entries([grant.root.pk for _scheme, _stage, grant in found if grant])
    return [
        Qualification(
            scheme,
            stage,
            grant,
            numbers[grant.root.pk].number if grant and grant.root.pk in numbers else "",
            evidence.limit(scheme.pk, known_at),
        )
        for scheme, stage, grant in found
    ]


def _cards(person: Person, on: dt.date, known_at: dt.datetime) -> list[CardOnPaper]:
    cards = StatutoryCertificate.objects.filter(person=person, recorded_at__lte=known_at, valid_from__lte=on)
    found = []
    for card in cards.select_related("kind").order_by("kind__code", "valid_from", "pk"):
        withdrawn = card.withdrawn_on is not None and card.withdrawn_on <= on
        withdrawn &= card.withdrawn_recorded_at is not None and card.withdrawn_recorded_at <= known_at
        state = _("withdrawn") if withdrawn else _("valid") if on <= card.last_day else _("expired")
        is_verified = card.verified_at is not None and card.verified_at <= known_at
        found.append(CardOnPaper(card, state, is_verified))
    return found


def _readings(person: Person, on: dt.date, known_at: dt.datetime) -> list[Reading]:
    """Return the revised manuals, articles and bulletins the person confirmed to have read, the first one first."""
    verdicts = ReadingConfirmation.objects.filter(person=person, confirmed_at__lte=known_at)
    verdicts = verdicts.select_related("verdict__edition__manual", "verdict__article", "verdict__guide")
    issues = BulletinConfirmation.objects.filter(person=person, at__lte=known_at).select_related("issue__bulletin")
    found = [Reading(_verdict_title(row.verdict), row.confirmed_at) for row in verdicts]
    found += [Reading(f"{row.issue.bulletin} {row.issue.edition}", row.at) for row in issues]
    return sorted((row for row in found if timezone.localdate(row.at) <= on), key=lambda row: row.at)


def _verdict_title(verdict: Any) -> str:
    return str(verdict.name or verdict.edition or verdict.article or verdict.guide)
