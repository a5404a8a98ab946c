"""A question in practice as its reader sees it: the question alone, then with what is right."""

from dataclasses import dataclass

from django.urls import reverse

from certification.actions import Action
from certification.kinds import question_kinds
from certification.models import Choice, PracticeAnswer
from certification.practice.queries import asked_again
from certification.questions.kinds.base import ResultLine, ShownQuestion
from certification.quizzes.paper import PaperQuestion
from certification.sections import section_of


@dataclass(frozen=True)
class Feedback:
    """What is said at once after an answer.

    Args:
        lines, explanation: empty where the key is held back, since a re-sit may ask the question.
    """

    is_right: bool | None
    lines: list[ResultLine]
    explanation: str
    section: Action | None
    has_key: bool = True


def question_of(shown: PracticeAnswer) -> PaperQuestion:
    """Return the question with what was answered; the key is not read from the database."""
    kind = question_kinds.get(shown.version.kind)
    asked = _asked(shown)
    url = reverse("certification:practice_picture", args=[shown.pk]) if shown.version.picture_id else ""
    return PaperQuestion(
        order=1,
        stem=shown.version.stem,
        kind=kind,
        body=kind.present(asked, shown.response),
        values=kind.values(asked, shown.response),
        is_answered=kind.is_answered(shown.response),
        sequence=0,
        is_knockout=shown.version.is_knockout,
        picture_url=url,
        picture_text=shown.version.picture_text,
    )


def feedback_of(shown: PracticeAnswer) -> Feedback:
    """Return what is right, why, and where to read it; of an answered question only.

    Of what a re-sit may ask only whether it was right and where to read it, also where it was answered earlier.
    """
    if shown.answered_at is None:
        raise ValueError(f"{shown} is not answered")
    section = section_of(shown.version, shown.person)
    if shown.version.question_id in asked_again(shown.person):
        return Feedback(shown.is_right, [], "", section, has_key=False)
    lines = question_kinds.get(shown.version.kind).result(_asked(shown), shown.response)
    return Feedback(shown.is_right, lines, shown.version.explanation, section)


def _asked(shown: PracticeAnswer) -> ShownQuestion:
    texts = dict(Choice.objects.filter(version=shown.version_id).values_list("pk", "text"))
    # A version that no attempt has shown may be rewritten: its answers are others then.
    order = [key for key in shown.choice_order if key in texts]
    return ShownQuestion(shown.version, order, [texts[key] for key in order])
