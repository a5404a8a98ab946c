"""A paper as shown to the person taking it: questions, answers in order, selection; never the key.

The key is read in one place only, ``result_of``, for closed and passed attempts. The result of a failed attempt names
the wrong questions and what to read again, not the right answers: the same question may be drawn in the re-sit, and a
released re-sit is always possible.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from certification.actions import Action
from certification.kinds import question_kinds
from certification.models import (
    Attempt,
    AttemptQuestion,
    Certificate,
    Choice,
    Mark,
    RegradedAttempt,
)
from certification.questions.kinds.base import QuestionKind, ResultLine, ShownQuestion
from certification.quizzes.eligibility import Eligibility, eligibility
from certification.results import HeldResult, held_result, regradings_of
from certification.sections import section_of
from kb.manuals.queries import NewerEdition, newer_editions, readable_chapter
from portal.models import Person


@dataclass
class PaperQuestion:
    """One question of a paper.

    Args:
        body: what the kind's template draws.
        values: what the kind's inputs carry for the answer that is kept.
    """

    order: int
    stem: str
    kind: QuestionKind
    body: Any
    values: list[str]
    is_answered: bool
    sequence: int
    is_knockout: bool = False
    picture_url: str = ""
    picture_text: str = ""

    @property
    def field(self) -> str:
        """Name of the form field."""
        return f"q{self.order}"


@dataclass
class Paper:
    """A whole paper."""

    questions: list[PaperQuestion] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(question.is_answered for question in self.questions)

    @property
    def unanswered(self) -> list[int]:
        """Numbers of the questions without an answer."""
        return [question.order for question in self.questions if not question.is_answered]


def paper_of(attempt: Attempt) -> Paper:
    """Return the paper without any trace of the key: right answers are not even read from the database."""
    rows = list(attempt.questions.select_related("version", "answer").order_by("order"))
    texts = _texts(rows)
    return Paper([_question(row, _shown(row, texts)) for row in rows])


def _texts(rows: Iterable[AttemptQuestion]) -> dict[int, str]:
    choices = Choice.objects.filter(version__in=[row.version_id for row in rows])
    return dict(choices.values_list("pk", "text"))


def _shown(row: AttemptQuestion, texts: dict[int, str]) -> ShownQuestion:
    return ShownQuestion(row.version, row.choice_order, [texts[key] for key in row.choice_order])


def _response(row: AttemptQuestion) -> Any:
    answer = getattr(row, "answer", None)
    return answer.response if answer else None


def _question(row: AttemptQuestion, shown: ShownQuestion) -> PaperQuestion:
    kind, response = question_kinds.get(row.version.kind), _response(row)
    return PaperQuestion(
        order=row.order,
        stem=row.version.stem,
        kind=kind,
        body=kind.present(shown, response),
        values=kind.values(shown, response),
        is_answered=kind.is_answered(response),
        sequence=row.answer.sequence if hasattr(row, "answer") else 0,
        is_knockout=row.version.is_knockout,
        picture_url=_picture_url(row),
        picture_text=row.version.picture_text,
    )


def _picture_url(row: AttemptQuestion) -> str:
    """Return where the taker of the paper sees the picture, whoever else may open it."""
    if row.version.picture_id is None:
        return ""
    return reverse("certification:attempt_picture", args=[row.attempt_id, row.order])


@dataclass(frozen=True)
class WrongQuestion:
    """A question that was not answered rightly, the section to read again, and where a newer edition has it.


    Args:
        lines: what was answered and what is right; empty where the key is not shown.
    """

    question: PaperQuestion
    lines: list[ResultLine]
    section: Action | None
    explanation: str
    newer: NewerEdition | None = None


@dataclass(frozen=True)
class Result:
    """A closed attempt as its taker sees it.

    Args:
        held: the result that holds.
        knocked_out_by: numbers of wrong questions that fail the paper.
        was: the result before a faulty question was regraded.
        reading: each section to read again, with the numbers of the questions it is about.
    """

    attempt: Attempt
    held: HeldResult
    right: int
    asked: int
    wrong: list[WrongQuestion]
    shows_key: bool
    next: Eligibility
    certificate: Certificate | None
    knocked_out_by: list[int]
    was: RegradedAttempt | None
    reading: list[tuple[Action, list[int]]]


def result_of(attempt: Attempt) -> Result:
    """Return the result; with the key only if the attempt was passed."""
    regradings = regradings_of(attempt)
    held = held_result(attempt, regradings)
    shows_key = bool(held.is_passed)
    questions = attempt.questions.select_related("version__chapter__edition__manual", "version__article", "answer")
    if shows_key:
        questions = questions.prefetch_related("version__choices")
    rows = list(questions.order_by("order"))
    texts = _texts(rows)
    newer = newer_editions(readable_chapter(row.version.chapter, attempt.person) for row in rows)
    wrong = [
        _wrong(row, _shown(row, texts), newer, reader=attempt.person, shows_key=shows_key)
        for row in rows
        if not getattr(getattr(row, "answer", None), "is_right", False)
    ]
    return Result(
        attempt=attempt,
        held=held,
        right=len(rows) - len(wrong),
        asked=len(rows),
        wrong=wrong,
        shows_key=shows_key,
        next=eligibility(attempt.person, attempt.quiz),
        certificate=_earned(attempt.person, attempt) if shows_key else None,
        knocked_out_by=[item.question.order for item in wrong if item.question.is_knockout],
        was=regradings[0] if regradings else None,
        reading=_reading(wrong),
    )


def _wrong(
    row: AttemptQuestion, shown: ShownQuestion, newer: dict[int, NewerEdition], *, reader: Person, shows_key: bool
) -> WrongQuestion:
    return WrongQuestion(
        question=_question(row, shown),
        lines=question_kinds.get(row.version.kind).result(shown, _response(row)) if shows_key else [],
        section=section_of(row.version, reader),
        explanation=row.version.explanation if shows_key else "",
        newer=newer.get(row.version.chapter_id) if row.version.chapter_id else None,
    )


def _reading(wrong: Iterable[WrongQuestion]) -> list[tuple[Action, list[int]]]:
    """Return the sections to read again, each once, in the order of the paper."""
    found: dict[Action, list[int]] = {}
    for item in wrong:
        if item.section is not None:
            found.setdefault(item.section, []).append(item.question.order)
    return list(found.items())


def _known_at(attempt: Attempt) -> list[Any]:
    """Return the moments at which the result came to be known: closed, marked, regraded."""
    marks = Mark.objects.filter(answer__shown__attempt=attempt).values_list("marked_at", flat=True)
    regraded = RegradedAttempt.objects.filter(attempt=attempt).values_list("regrading__decided_at", flat=True)
    return [attempt.closed_at, *marks, *regraded]


def _earned(person: Person, attempt: Attempt) -> Certificate | None:
    """Return a certificate that was issued because of this attempt."""
    return (
        Certificate.objects.filter(
            person=person, scheme__requirements__quiz=attempt.quiz, entry__recorded_at__in=_known_at(attempt)
        )
        .select_related("scheme")
        .first()
    )
