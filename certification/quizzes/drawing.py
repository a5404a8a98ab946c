"""Draw a paper: questions, their order and the order of answers; repeatable from a seed."""

from dataclasses import dataclass
from random import Random

from django.db.models import QuerySet

from certification.kinds import question_kinds
from certification.models import DrawRule, QuestionVersion, Quiz
from certification.quizzes.errors import TooFewQuestions


@dataclass(frozen=True)
class Drawn:
    """One question as it is to be shown."""

    version: QuestionVersion
    choice_order: list[int]


def draw(quiz: Quiz, seed: int) -> list[Drawn]:
    """Return the paper for ``seed``: the rules applied in order, no question twice, then shuffled.

    In which order the answers of a question are shown, its kind decides.

    Raises:
        TooFewQuestions: a rule cannot be filled from what is left of the bank.
        UnknownKind: a question of a kind that no module defines.
    """
    # Not a secret: the seed is kept so that the paper can be drawn again in a dispute.
    random = Random(seed)  # noqa: S311
    pool = list(pool_of(quiz).prefetch_related("choices"))
    taken: list[QuestionVersion] = []
    for rule in sorted(quiz.draw_rules.all(), key=lambda rule: (rule.order, rule.pk)):
        fitting = [version for version in pool if version not in taken and fits(rule, version)]
        if len(fitting) < rule.count:
            raise TooFewQuestions
        taken += random.sample(fitting, rule.count)
    if not taken:
        raise TooFewQuestions
    random.shuffle(taken)
    return [Drawn(row, question_kinds.get(row.kind).arrange(list(row.choices.all()), random)) for row in taken]


def pool_of(quiz: Quiz) -> QuerySet[QuestionVersion]:
    """Return the current versions a quiz may draw."""
    drawn = QuestionVersion.objects.filter(question__bank=quiz.bank_id, question__is_active=True, is_current=True)
    return drawn.order_by("pk")


def fits(rule: DrawRule, version: QuestionVersion) -> bool:
    """Whether a question answers to a rule; an empty condition lets everything through."""
    return (
        (not rule.topic or version.topic == rule.topic)
        and (rule.difficulty is None or version.difficulty == rule.difficulty)
        and (not rule.only_safety or version.is_safety)
    )
