"""Read closed attempts as the papers they were: questions and answers as shown, what was given, what is right."""

import datetime as dt
from collections.abc import Iterable, Sequence
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
from certification.sections import section_of
from kb.manuals.queries import newer_editions, readable_chapter
from kb.models import FaultArticle, ManualChapter
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


def rows_for_reading(signed: PracticalAssessment, reader: Any) -> list[dict[str, Any]]:
    """Return the rows of a signed checklist as it keeps them, each with its photos as ``pictures``.

    Rows that were not done properly have as ``reading`` the section their item cited, where the reader may open it, and
    as ``newer`` where its number is in the edition that replaced it.
    """
    photos: dict[int, list[PracticalPhoto]] = {}
    for photo in signed.photos.select_related("document"):
        photos.setdefault(photo.row, []).append(photo)
    cited = _sections_of([row for row in signed.rows if not row["is_shown"]])
    newer = newer_editions(section.chapter for section in cited.values() if readable_chapter(section.chapter, reader))
    rows = []
    for number, row in enumerate(signed.rows):
        section = cited.get(_named(row)) if not row["is_shown"] else None
        reading = section_of(section, reader) if section else None
        further = newer.get(section.chapter.pk) if section and section.chapter else None
        rows.append(row | {"pictures": photos.get(number, []), "reading": reading, "newer": further})
    return rows


@dataclass(frozen=True)
class CitedSection:
    """The section a row of a signed checklist names."""

    chapter: ManualChapter | None = None
    article: FaultArticle | None = None


def _named(row: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return the keys of the chapter and the article a row names."""
    named = row.get("section") or {}
    return named.get("chapter"), named.get("article")


def _sections_of(rows: Iterable[dict[str, Any]]) -> dict[tuple[int | None, int | None], CitedSection]:
    """Return the sections that rows name, by their keys: two queries at most; what was deleted since is left out."""
    named = {_named(row) for row in rows} - {(None, None)}
    by_key = ManualChapter.objects.select_related("edition__manual").defer("body")
    keys = [chapter for chapter, _article in named if chapter], [article for _chapter, article in named if article]
    chapters = by_key.in_bulk(keys[0]) if keys[0] else {}
    articles = FaultArticle.objects.in_bulk(keys[1]) if keys[1] else {}
    found = {key: CitedSection(chapters.get(key[0]), articles.get(key[1])) for key in named}
    return {key: section for key, section in found.items() if section.chapter or section.article}


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
