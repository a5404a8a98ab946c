"""Editing the question bank: what was shown once is never changed, an edit becomes a new version."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from certification.enums import QuestionKind
from certification.models import Choice, Question, QuestionVersion
from certification.questions.errors import BadQuestion
from portal.models import Person

WORDS = ("kind", "stem", "explanation", "topic", "difficulty", "is_safety")
POINTERS = ("chapter", "article")


@transaction.atomic
def save_question(
    question: Question, *, choices: Sequence[tuple[str, bool]], by: Person | None = None, **fields: Any
) -> QuestionVersion:
    """Save a question's words and answers; return the current version.

    The current version is rewritten by its author as long as no attempt has shown it; after that, or by somebody else,
    a changed text is a new version and the old one stays with the attempts that showed it. What to read again may
    change at any time.

    Args:
        choices: (text, is it right) in order.
        by: who writes it; None for an import. A grant to that person resting on the question is counter-signed.
        fields: of ``QuestionVersion``: kind, stem, explanation, topic, difficulty, is_safety, chapter, article.

    Raises:
        BadQuestion: too few answers, or the wrong number of right ones for the kind.
    """
    check_choices(fields.get("kind", QuestionKind.SINGLE), choices)
    question.save()
    current = question.versions.select_for_update().filter(is_current=True).first()
    if current is not None and _same(current, fields, choices):
        for name in POINTERS:
            setattr(current, name, fields.get(name))
        current.save(update_fields=POINTERS)
        return current
    if current is not None and current.created_by == by and not current.shown.exists():
        for name, value in fields.items():
            setattr(current, name, value)
        current.save()
        current.choices.all().delete()
    else:
        number = (current.number if current else 0) + 1
        if current is not None:
            current.is_current = False
            current.save(update_fields=["is_current"])
        current = QuestionVersion.objects.create(question=question, number=number, created_by=by, **fields)
    Choice.objects.bulk_create(
        Choice(version=current, order=order, text=text, is_correct=right) for order, (text, right) in enumerate(choices)
    )
    return current


def check_choices(kind: str, choices: Sequence[tuple[str, bool]]) -> None:
    """Hold the rules of a fair question.

    Raises:
        BadQuestion: fewer than two answers, two alike, or the wrong number of right ones.
    """
    texts = [text.strip() for text, _right in choices]
    right = sum(is_right for _text, is_right in choices)
    if len(texts) < 2 or not all(texts):
        raise BadQuestion(BadQuestion.TOO_FEW)
    if len(set(texts)) < len(texts):
        raise BadQuestion(BadQuestion.ALIKE)
    if kind == QuestionKind.JUDGE and len(texts) != 2:
        raise BadQuestion(BadQuestion.JUDGE_HAS_TWO)
    if kind == QuestionKind.MULTI and right < 2:
        raise BadQuestion(BadQuestion.SEVERAL_RIGHT)
    if kind != QuestionKind.MULTI and right != 1:
        raise BadQuestion(BadQuestion.ONE_RIGHT)


def _same(version: QuestionVersion, fields: dict[str, Any], choices: Sequence[tuple[str, bool]]) -> bool:
    kept = [(choice.text, choice.is_correct) for choice in version.choices.all()]
    return kept == list(choices) and all(getattr(version, name) == fields[name] for name in WORDS if name in fields)
