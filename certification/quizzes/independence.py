"""Whether a person could read the answers of a paper, has read them, or wrote its questions."""

from collections.abc import Collection, Iterable

from django.utils import timezone

from certification.models import QuestionBank, QuestionVersion
from certification.questions.reading import could_read_since, has_read
from portal.models import Person


def could_read_answers(person: Person, bank: QuestionBank, drawn: Collection[QuestionVersion]) -> bool:
    """Whether the person held a right to open the bank since the questions drawn were made, or has read its answers.

    A right given back before the test is a right: what was read is known still.
    """
    oldest = min((version.created_at for version in drawn), default=timezone.now())
    return could_read_since(person, oldest) or has_read(person, bank)


def wrote_any(person: Person, drawn: Iterable[QuestionVersion]) -> bool:
    """Whether the person wrote any version of the questions drawn."""
    questions = [version.question_id for version in drawn]
    return QuestionVersion.objects.filter(question__in=questions, created_by=person).exists()
