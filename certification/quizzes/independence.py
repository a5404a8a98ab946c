"""Whether a person could read the answers of a paper or wrote its questions."""

from collections.abc import Iterable

from certification.models import QuestionVersion
from portal.models import Person

# Either lets somebody open a question with its key in the editing area.
READING = ("certification.view_question", "certification.change_question")


def could_read_answers(person: Person) -> bool:
    """Whether the person may open the question bank now; superusers always may."""
    return any(person.has_perm(permission) for permission in READING)


def wrote_any(person: Person, drawn: Iterable[QuestionVersion]) -> bool:
    """Whether the person wrote any version of the questions drawn."""
    questions = [version.question_id for version in drawn]
    return QuestionVersion.objects.filter(question__in=questions, created_by=person).exists()
