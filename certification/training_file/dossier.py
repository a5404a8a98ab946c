"""Collect everything on record about one person for the training file."""

from dataclasses import dataclass

from django.db.models import Sum

from certification.models import Attempt, PracticalAssessment, StatutoryCertificate, TakenOver
from certification.results import with_results
from certification.takeover.queries import taken_over_of
from certification.training_file.queries import SchemeFile, files_of
from courses.models import HourCredit
from portal.models import Assignment, Person

# Rows of each kind shown in a file; the ledger beside them is paginated in full.
ROWS = 20


@dataclass(frozen=True)
class Dossier:
    """The parts of a file."""

    assignments: list[Assignment]
    files: list[SchemeFile]
    credits: list[HourCredit]
    minutes: int
    attempts: list[Attempt]
    practicals: list[PracticalAssessment]
    cards: list[StatutoryCertificate]
    taken_over: list[TakenOver]


def dossier_of(person: Person) -> Dossier:
    """Load the file of ``person``."""
    attempts = with_results(Attempt.objects.filter(person=person))
    credits = HourCredit.objects.filter(person=person)
    return Dossier(
        assignments=list(person.assignments.select_related("position", "organisation").order_by("-start")[:ROWS]),
        files=files_of(person),
        credits=list(credits.select_related("module").order_by("-earned_on", "-pk")[:ROWS]),
        minutes=credits.aggregate(total=Sum("minutes"))["total"] or 0,
        attempts=list(attempts.select_related("quiz").order_by("-started_at")[:ROWS]),
        practicals=list(
            PracticalAssessment.objects.filter(person=person)
            .select_related("checklist", "assessor")
            .order_by("-assessed_on", "-pk")[:ROWS]
        ),
        cards=list(
            StatutoryCertificate.objects.filter(person=person)
            .select_related("kind", "verified_by")
            .order_by("-valid_to")[:ROWS]
        ),
        taken_over=taken_over_of(person, ROWS),
    )
