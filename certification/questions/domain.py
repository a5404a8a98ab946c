"""Edit the question bank: a version that was shown is never changed, an edit creates a new version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from certification.kinds import question_kinds
from certification.models import Choice, Question, QuestionVersion
from certification.questions.kinds.base import Draft, Option
from certification.questions.kinds.places import fixed_places
from certification.questions.review import lift_suspension
from certification.sections import state_of
from portal.models import Person

WORDS = (
    "kind",
    "stem",
    "explanation",
    "topic",
    "difficulty",
    "is_safety",
    "is_knockout",
    "equipment",
    "picture",
    "picture_text",
    "parameters",
)
POINTERS = ("chapter", "article")


@transaction.atomic
def save_question(
    question: Question,
    *,
    kind: str,
    choices: Sequence[Option | tuple[str, bool]] = (),
    parameters: Mapping[str, Any] | None = None,
    by: Person | None = None,
    **fields: Any,
) -> QuestionVersion:
    """Save a question's words and answers; return the current version.

    The current version is rewritten by its author as long as no attempt has shown it; after that, or by somebody else,
    a changed text is a new version and the old one stays with the attempts that showed it. What to read again may
    change at any time. Whoever saves a question has compared it with what it cites: a suspension ends.

    Args:
        kind: key of a module in ``certification.questions.kinds``.
        choices: (text, is it right) in order, or an ``Option`` that also says whether the answer keeps its place.
        parameters: what the kind keeps besides choices; plain JSON.
        by: who writes it; None for an import. A grant to that person resting on the question is counter-signed.
        fields: of ``QuestionVersion``: stem, explanation, topic, difficulty, is_safety, is_knockout, equipment,
            picture, picture_text, chapter, article.

    Raises:
        UnknownKind: no module defines the kind.
        BadQuestion: the question breaks a rule of its kind.
    """
    options = _placed([Option(*choice) for choice in choices])
    draft = Draft(options, dict(parameters or {}), has_picture=fields.get("picture") is not None)
    question_kinds.get(kind).check(draft)
    fields |= {"kind": kind, "parameters": draft.parameters}
    question.save()
    current = question.versions.select_for_update().filter(is_current=True).first()
    if current is not None and _same(current, fields, draft.options):
        return lift_suspension(_pointing(current, fields), by)
    current = _written(question, current, by, fields)
    current.cited = state_of(current)
    current.save(update_fields=["cited"])
    Choice.objects.bulk_create(
        Choice(version=current, order=order, **row._asdict()) for order, row in enumerate(draft.options)
    )
    return lift_suspension(current, by)


def _pointing(current: QuestionVersion, fields: Mapping[str, Any]) -> QuestionVersion:
    """Have a version whose words stay cite what it is said to cite now."""
    for name in POINTERS:
        setattr(current, name, fields.get(name))
    current.cited = state_of(current)
    current.save(update_fields=[*POINTERS, "cited"])
    return current


def _placed(options: Sequence[Option]) -> list[Option]:
    """Return the options with their places decided."""
    fixed = fixed_places([option.text for option in options], [option.keeps_place for option in options])
    return [option._replace(keeps_place=stays) for option, stays in zip(options, fixed, strict=True)]


def _written(
    question: Question, current: QuestionVersion | None, by: Person | None, fields: dict[str, Any]
) -> QuestionVersion:
    """Rewrite one's own version nobody has seen, or begin the next one; return it without choices."""
    if current is not None and current.created_by == by and not current.shown.exists():
        for name, value in fields.items():
            setattr(current, name, value)
        current.save()
        current.choices.all().delete()
        return current
    if current is not None:
        current.is_current = False
        current.save(update_fields=["is_current"])
    number = (current.number if current else 0) + 1
    return QuestionVersion.objects.create(question=question, number=number, created_by=by, **fields)


def _same(version: QuestionVersion, fields: dict[str, Any], options: Sequence[Option]) -> bool:
    kept = [(choice.text, choice.is_correct, choice.keeps_place) for choice in version.choices.all()]
    written = [(option.text, option.is_correct, option.keeps_place) for option in options]
    return kept == written and all(getattr(version, name) == fields[name] for name in WORDS if name in fields)
