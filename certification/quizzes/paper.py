"""A paper as its taker sees it: questions, answers in the order shown, what was picked. Never which are right.

The key is read in one place only, ``result_of``, for closed and passed attempts. The result of a failed attempt names
the wrong questions and what to read again, not the right answers: the same question may be drawn in the re-sit, and a
released re-sit is always possible.
"""

from dataclasses import dataclass, field
from typing import Any

from certification.enums import QuestionKind
from certification.models import Attempt, AttemptQuestion, Certificate, Choice, QuestionVersion
from certification.quizzes.eligibility import Eligibility, eligibility
from certification.requirements.hints import Action
from kb.manuals.queries import NewerEdition, newer_editions, readable_chapter
from portal.audiences import can_open
from portal.models import Person


@dataclass(frozen=True)
class ShownChoice:
    """One answer to choose, known by its position only: keys of the database would tell the order of writing."""

    position: int
    letter: str
    text: str
    is_picked: bool
    is_right: bool | None = None


@dataclass
class ShownQuestion:
    """One question of a paper."""

    order: int
    stem: str
    kind: str
    choices: list[ShownChoice]
    sequence: int

    @property
    def field(self) -> str:
        """Name of the form field."""
        return f"q{self.order}"

    @property
    def is_multi(self) -> bool:
        """Whether several answers may be picked."""
        return self.kind == QuestionKind.MULTI

    @property
    def kind_label(self) -> str:
        """单选, 多选 or 判断."""
        return str(QuestionKind(self.kind).label)

    @property
    def is_answered(self) -> bool:
        """Whether something is picked."""
        return any(choice.is_picked for choice in self.choices)

    @property
    def shown(self) -> str:
        """Positions picked, as the page shows them."""
        return ",".join(str(choice.position) for choice in self.choices if choice.is_picked)


@dataclass
class Paper:
    """A whole paper."""

    questions: list[ShownQuestion] = field(default_factory=list)

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
    versions = [row.version_id for row in rows]
    texts = dict(Choice.objects.filter(version__in=versions).values_list("pk", "text"))
    return Paper([_question(row, texts) for row in rows])


def _question(row: AttemptQuestion, texts: dict[int, str], right: set[int] | None = None) -> ShownQuestion:
    answer = getattr(row, "answer", None)
    picked = set(answer.choices) if answer else set()
    choices = [
        ShownChoice(
            position,
            chr(ord("A") + position),
            texts[key],
            key in picked,
            None if right is None else key in right,
        )
        for position, key in enumerate(row.choice_order)
    ]
    return ShownQuestion(row.order, row.version.stem, row.version.kind, choices, answer.sequence if answer else 0)


@dataclass(frozen=True)
class WrongQuestion:
    """A question that was not answered rightly, the section to read again, and where a newer edition has it."""

    question: ShownQuestion
    section: Action | None
    explanation: str
    newer: NewerEdition | None = None


@dataclass(frozen=True)
class Result:
    """A closed attempt as its taker sees it."""

    attempt: Attempt
    right: int
    asked: int
    wrong: list[WrongQuestion]
    shows_key: bool
    next: Eligibility
    certificate: Certificate | None


def result_of(attempt: Attempt) -> Result:
    """Return the result; with the key only if the attempt was passed."""
    rows = list(
        attempt.questions.select_related("version__chapter__edition__manual", "version__article", "answer").order_by(
            "order"
        )
    )
    versions = [row.version_id for row in rows]
    texts = dict(Choice.objects.filter(version__in=versions).values_list("pk", "text"))
    shows_key = bool(attempt.is_passed)
    right: set[int] | None = None
    if shows_key:
        keys = Choice.objects.filter(version__in=versions, is_correct=True)
        right = set(keys.values_list("pk", flat=True))
    cited = [readable_chapter(row.version.chapter, attempt.person) for row in rows]
    newer = newer_editions(cited)
    wrong = [
        WrongQuestion(
            _question(row, texts, right),
            section_of(row.version, attempt.person),
            row.version.explanation if shows_key else "",
            newer.get(row.version.chapter_id),
        )
        for row in rows
        if not getattr(getattr(row, "answer", None), "is_right", False)
    ]
    return Result(
        attempt=attempt,
        right=len(rows) - len(wrong),
        asked=len(rows),
        wrong=wrong,
        shows_key=shows_key,
        next=eligibility(attempt.person, attempt.quiz),
        certificate=_earned(attempt.person, attempt) if attempt.is_passed else None,
    )


def section_of(version: QuestionVersion, reader: Any) -> Action | None:
    """Return where to read about the question: the chapter it cites, or the fault article; only what may be opened."""
    if chapter := readable_chapter(version.chapter, reader):
        return Action(chapter.citation, chapter.get_absolute_url())
    article = version.article
    if article and article.live and can_open(reader, article.audience):
        return Action(article.title, article.get_absolute_url())
    return None


def _earned(person: Person, attempt: Attempt) -> Certificate | None:
    """Return a certificate that was issued because of this attempt."""
    return (
        Certificate.objects.filter(
            person=person, scheme__requirements__quiz=attempt.quiz, entry__recorded_at=attempt.closed_at
        )
        .select_related("scheme")
        .first()
    )
