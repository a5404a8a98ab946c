"""Item analysis: how the versions of questions did in closed attempts, by Moodle's published formulas.

The source is Moodle's page "Quiz statistics calculations" (https://docs.moodle.org/dev/Quiz_statistics_calculations).
With x the credit of an item in a paper, from 0 to 1, and X the credit of the rest of the paper:

- facility: the mean of x;
- discrimination index: C(x, X) / sqrt(V(x) V(X)), the correlation of the item with the rest;
- discrimination efficiency: C(x, X) / Cmax(x, X), where Cmax is the covariance of both sorted: what there could be;
- random guess score: what guessing earns on average; for kinds in which one cannot guess, nothing.

Papers differ in length, so X is the share of the rest; both indices do not change when X is scaled. As there, first
attempts count by default: later ones know the questions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Any

from certification.enums import AttemptState
from certification.kinds import question_kinds
from certification.models import AttemptQuestion, QuestionVersion, Quiz
from certification.questions.kinds.base import ShownQuestion

FINISHED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
# Below this an item tells the strong from the weak too little, after Moodle's rough guide.
WEAK = 0.2
# Answers typed that are listed of a question.
LISTED = 12


@dataclass(frozen=True)
class Statistics:
    """The numbers of one item; None where they are not defined, such as the correlation of what never differs.

    Args:
        shown: in how many papers it stood.
        guess: the random guess score.
    """

    shown: int
    facility: float
    deviation: float | None
    discrimination: float | None
    efficiency: float | None
    guess: float | None


def statistics_of(items: Sequence[float], rests: Sequence[float], guess: float | None = None) -> Statistics:
    """Return the numbers of an item from its credits and those of the rest of the same papers."""
    covariance = _covariance(items, rests)
    spread = _covariance(items, items), _covariance(rests, rests)
    most = _covariance(sorted(items), sorted(rests))
    product = (spread[0] or 0.0) * (spread[1] or 0.0)
    return Statistics(
        shown=len(items),
        facility=fmean(items),
        deviation=None if spread[0] is None else sqrt(max(spread[0], 0.0)),
        discrimination=covariance / sqrt(product) if covariance is not None and product > 1e-12 else None,
        efficiency=covariance / most if covariance is not None and most is not None and most > 1e-12 else None,
        guess=guess,
    )


def _covariance(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the covariance of a sample; None of fewer than two."""
    if len(one) < 2:
        return None
    mean, others = fmean(one), fmean(other)
    return sum((a - mean) * (b - others) for a, b in zip(one, other, strict=True)) / (len(one) - 1)


@dataclass(frozen=True)
class Item:
    """A version of a question and its numbers."""

    version: QuestionVersion
    numbers: Statistics

    @property
    def is_weak(self) -> bool:
        """Whether it should be looked at: it hardly tells the strong from the weak, or the weak do better."""
        return self.numbers.discrimination is not None and self.numbers.discrimination < WEAK


def items_of(quiz: Quiz, *, all_tries: bool = False) -> list[Item]:
    """Return the items the quiz has asked, the most missed first; in four queries, whatever there is."""
    rows = _asked(quiz, all_tries=all_tries)
    papers: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for attempt, version, credit in rows.order_by().values_list("attempt", "version", "answer__credit"):
        papers[attempt].append((version, float(credit or 0)))
    found: dict[int, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for paper in papers.values():
        total = sum(credit for _version, credit in paper)
        for version, credit in paper:
            found[version][0].append(credit)
            found[version][1].append((total - credit) / (len(paper) - 1) if len(paper) > 1 else 0.0)
    versions = QuestionVersion.objects.filter(pk__in=found).prefetch_related("choices")
    related = versions.select_related("question", "chapter__edition__manual", "article")
    items = [Item(version, statistics_of(*found[version.pk], _guessed(version))) for version in related]
    return sorted(items, key=lambda item: (item.numbers.facility, item.version.question.ref, item.version.number))


def _guessed(version: QuestionVersion) -> float | None:
    return question_kinds.get(version.kind).guess_score(version)


@dataclass(frozen=True)
class Given:
    """An answer and how often it was given."""

    text: str
    count: int
    is_right: bool


def given_answers(quiz: Quiz, version: QuestionVersion, *, all_tries: bool = False) -> list[Given]:
    """Return how often each answer was given, answers to choose all of them, others the most frequent."""
    rows = _asked(quiz, all_tries=all_tries).filter(version=version)
    responses = list(rows.order_by().values_list("answer__response", flat=True))
    choices = list(version.choices.all())
    kind = question_kinds.get(version.kind)
    answered = [response for response in responses if kind.is_answered(response)]
    blank = [Given("—", len(responses) - len(answered), False)] if len(responses) > len(answered) else []
    if kind.is_chosen:
        picked = Counter(key for response in answered for key in response)
        return [*(Given(choice.text, picked[choice.pk], choice.is_correct) for choice in choices), *blank]
    if kind.is_marked_by_person:
        return blank
    shown = ShownQuestion(version, [choice.pk for choice in choices], [choice.text for choice in choices])
    counted = Counter(_written(kind.result(shown, response)) for response in answered)
    right = {_written(kind.result(shown, each)): kind.grade(version, each) == 1 for each in answered}
    return [*(Given(text, count, right[text]) for text, count in counted.most_common(LISTED)), *blank]


def _written(lines: Iterable[Any]) -> str:
    return "；".join(line.text for line in lines if line.is_given)


def _asked(quiz: Quiz, *, all_tries: bool) -> Any:
    rows = AttemptQuestion.objects.filter(attempt__quiz=quiz, attempt__state__in=FINISHED)
    return rows if all_tries else rows.filter(attempt__number=1)
