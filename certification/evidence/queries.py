"""Read closed attempts as the papers they were: questions and answers as shown, what was given, what is right."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from certification.kinds import question_kinds
from certification.models import (
    Attempt,
    AttemptQuestion,
    Choice,
    Mark,
    PracticalAssessment,
    PracticalPhoto,
    QuestionVersion,
    RegradedAttempt,
)
from certification.questions.kinds.base import ResultLine, ShownQuestion
from certification.questions.pictures import picture_data
from certification.results import HeldResult, held_result, regradings_of
from portal.models import Person


@dataclass(frozen=True)
class EvidenceQuestion:
    """One question of a paper as it was shown and answered.

    Args:
        lines: what was shown and given; what is right only with the key.
        credit: from 0 to 1; None where nothing was answered.
    """

    order: int
    version: QuestionVersion
    kind: str
    lines: Sequence[ResultLine]
    is_answered: bool
    is_right: bool
    credit: Decimal | None
    asked: Sequence[str] = ()
    picture: str = ""
    mark: Mark | None = None

    @property
    def percent(self) -> int:
        """Percent of the credit, rounded down."""
        return int((self.credit or 0) * 100)


@dataclass(frozen=True)
class PaperEvidence:
    """A closed attempt; ``shows_key`` says whether right answers and explanations are in it."""

    attempt: Attempt
    questions: list[EvidenceQuestion]
    shows_key: bool
    regradings: Sequence[RegradedAttempt] = ()

    @property
    def held(self) -> HeldResult:
        """The result that holds."""
        return held_result(self.attempt, self.regradings)

    @property
    def right(self) -> int:
        """How many questions earned all of their credit."""
        return sum(question.is_right for question in self.questions)


def closed_attempt(pk: int) -> Attempt | None:
    """Return a closed attempt with what its paper names; an open one is no evidence yet."""
    attempts = Attempt.objects.filter(score__isnull=False)
    return (
        attempts.select_related("person__organisation", "quiz__bank", "quiz_version", "sitting__opened_by")
        .filter(pk=pk)
        .first()
    )


def signed_practical(pk: int) -> PracticalAssessment | None:
    """Return a signed checklist with whom and what it names."""
    signed = PracticalAssessment.objects.select_related(
        "person__organisation", "assessor", "checklist__category", "checklist_version"
    )
    return signed.filter(pk=pk).first()


def places_then(person: Person, day: dt.date) -> str:
    """Return where the person worked on the day of a paper; who may open it is another matter, and of today."""
    return Person.objects.with_posts(day).get(pk=person.pk).place_names


def rows_with_photos(signed: PracticalAssessment) -> list[dict[str, Any]]:
    """Return the rows of a signed checklist as it keeps them, each with its photos as ``pictures``."""
    photos: dict[int, list[PracticalPhoto]] = {}
    for photo in signed.photos.select_related("document"):
        photos.setdefault(photo.row, []).append(photo)
    return [row | {"pictures": photos.get(number, [])} for number, row in enumerate(signed.rows)]


def paper_evidence(attempt: Attempt, *, shows_key: bool) -> PaperEvidence:
    """Return the paper of a closed attempt: four queries, however long it is, and the pictures.

    Args:
        shows_key: with the right answers and explanations.
    """
    rows = attempt.questions.select_related(
        "version__question", "version__picture", "answer__mark__marked_by"
    ).prefetch_related("version__choices")
    asked = list(rows.order_by("order"))
    texts = dict(Choice.objects.filter(version__in=[row.version_id for row in asked]).values_list("pk", "text"))
    return PaperEvidence(
        attempt, [_question(row, texts, shows_key) for row in asked], shows_key, regradings_of(attempt)
    )


def _question(row: AttemptQuestion, texts: dict[int, str], shows_key: bool) -> EvidenceQuestion:
    kind, answer = question_kinds.get(row.version.kind), getattr(row, "answer", None)
    shown = ShownQuestion(row.version, row.choice_order, [texts[key] for key in row.choice_order])
    response = answer.response if answer else None
    lines = kind.result(shown, response)
    return EvidenceQuestion(
        order=row.order,
        version=row.version,
        kind=str(kind.label),
        lines=lines if shows_key else without_key(lines, shown),
        is_answered=kind.is_answered(response),
        is_right=bool(answer and answer.is_right),
        credit=answer.credit if answer else None,
        asked=kind.asked(shown),
        picture=picture_data(row.version),
        mark=getattr(answer, "mark", None),
    )


def without_key(lines: Sequence[ResultLine], shown: ShownQuestion) -> list[ResultLine]:
    """Return what stood on the paper and what was given; nothing tells what is right."""
    kept = [line for line in lines if line.is_given or line.text in shown.texts]
    return [replace(line, is_right=False) for line in kept]
