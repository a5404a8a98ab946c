"""Draw a paper: questions, their order and the order of answers; repeatable from a seed and what it was applied to."""

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from django.db.models import QuerySet

from certification.kinds import question_kinds
from certification.models import Attempt, AttemptQuestion, ChangedChapter, DrawRule, QuestionVersion, Quiz
from certification.quizzes.errors import TooFewQuestions
from certification.versions.snapshots import restore
from portal.models import Person


@dataclass(frozen=True)
class Drawn:
    """One question as it is to be shown."""

    version: QuestionVersion
    choice_order: list[int]


@dataclass(frozen=True)
class Source:
    """What a seed is applied to.

    Args:
        pool: the versions that may be drawn, by key.
        seen: keys of the questions the person has been asked before, which come last; empty where that does not matter.
    """

    pool: list[QuestionVersion]
    seen: frozenset[int] = frozenset()

    def as_data(self) -> dict[str, list[int]]:
        """Return the keys, which an attempt keeps."""
        return {"pool": [version.pk for version in self.pool], "seen": sorted(self.seen)}


def source_for(quiz: Quiz, person: Person | None = None) -> Source:
    """Return what a paper of the quiz is drawn from now, for ``person`` with what they have seen of the bank."""
    pool = list(pool_of(quiz).prefetch_related("choices"))
    return Source(pool, _seen(quiz, person) if person is not None and quiz.unseen_first else frozenset())


def _seen(quiz: Quiz, person: Person) -> frozenset[int]:
    shown = AttemptQuestion.objects.filter(attempt__person=person, version__question__bank=quiz.bank_id)
    return frozenset(shown.order_by().values_list("version__question", flat=True).distinct())


def draw(quiz: Quiz, seed: int, source: Source | None = None) -> list[Drawn]:
    """Return the paper for ``seed``: the rules applied in order, no question twice, then shuffled.

    Rules that name their question have it before others draw. In which order the answers of a question are shown, its
    kind decides.

    Raises:
        TooFewQuestions: a rule cannot be filled from what is left of the bank.
        UnknownKind: a question of a kind that no module defines.
    """
    # Not a secret: the seed is kept so that the paper can be drawn again in a dispute.
    random = Random(seed)  # noqa: S311
    source = source or source_for(quiz)
    rules = sorted(quiz.draw_rules.all(), key=lambda rule: (rule.order, rule.pk or 0))
    named = {rule.question_id for rule in rules if rule.question_id}
    taken: list[QuestionVersion] = []
    for rule in rules:
        taken += _drawn_by(rule, source, taken, named, random)
    if not taken:
        raise TooFewQuestions
    if not quiz.keeps_order:
        random.shuffle(taken)
    return [Drawn(row, question_kinds.get(row.kind).arrange(list(row.choices.all()), random)) for row in taken]


def _drawn_by(
    rule: DrawRule, source: Source, taken: list[QuestionVersion], named: Collection[int], random: Random
) -> list[QuestionVersion]:
    """Return what one rule draws: unseen questions first, seen ones as far as needed."""
    fitting = [version for version in source.pool if version not in taken and fits(rule, version)]
    if rule.question_id is None:
        fitting = [version for version in fitting if version.question_id not in named]
    if len(fitting) < rule.count:
        raise TooFewQuestions
    unseen = [version for version in fitting if version.question_id not in source.seen]
    if len(unseen) >= rule.count:
        return random.sample(unseen, rule.count)
    seen = [version for version in fitting if version.question_id in source.seen]
    return random.sample(unseen, len(unseen)) + random.sample(seen, rule.count - len(unseen))


def draw_again(attempt: Attempt) -> list[Drawn]:
    """Return the paper of an attempt anew from its seed, the rules approved then and what there was to draw from.

    Raises:
        TooFewQuestions: the attempt was made before it kept what it was drawn from.
    """
    kept = attempt.drawn_from or {"pool": [], "seen": []}
    quiz = restore(attempt.quiz_version.record_label, attempt.quiz_version.content)
    if not isinstance(quiz, Quiz):
        raise TypeError(f"{attempt} was drawn by no quiz")
    versions = QuestionVersion.objects.filter(pk__in=kept["pool"]).prefetch_related("choices").in_bulk()
    pool = [versions[pk] for pk in kept["pool"]]
    return draw(quiz, attempt.seed, Source(pool, frozenset(kept["seen"])))


def pool_of(quiz: Quiz) -> QuerySet[QuestionVersion]:
    """Return the current versions a quiz may draw: in use, and not suspended because what they cite has changed."""
    return pool_for_practice(quiz).filter(question__suspended_at__isnull=True)


def pool_for_practice(quiz: Quiz) -> QuerySet[QuestionVersion]:
    """Return the current versions one may practise with, suspended ones too."""
    drawn = QuestionVersion.objects.filter(question__bank=quiz.bank_id, question__is_active=True, is_current=True)
    if quiz.verdict_id is not None:
        drawn = drawn.filter(chapter__in=ChangedChapter.objects.filter(verdict=quiz.verdict_id).values("chapter"))
    return drawn.order_by("pk")


def fits(rule: DrawRule, version: QuestionVersion) -> bool:
    """Whether a question answers to a rule; an empty condition lets everything through."""
    if rule.question_id is not None:
        return version.question_id == rule.question_id
    return (
        (rule.topic_id is None or version.topic_id == rule.topic_id)
        and (rule.difficulty is None or version.difficulty == rule.difficulty)
        and (not rule.only_safety or version.is_safety)
        and (rule.equipment_id is None or version.equipment_id in (None, rule.equipment_id))
    )
