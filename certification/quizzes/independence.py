"""Whether a person could read the answers of a paper, has read them, or wrote its questions."""

from collections.abc import Iterable

from certification.models import QuestionVersion
from portal.models import AuditEvent, Person

# Either lets somebody open a question with its key in the editing area.
READING = ("certification.view_question", "certification.change_question")


def could_read_answers(person: Person, bank: str) -> bool:
    """Whether the person may open the question bank now (superusers always may) or has opened a paper with its key.

    Args:
        bank: code of the bank the quiz draws from.
    """
    return any(person.has_perm(permission) for permission in READING) or has_read_key(person, bank)


def has_read_key(person: Person, bank: str) -> bool:
    """Whether the person has opened somebody's answer paper of this bank with the right answers."""
    opened = AuditEvent.objects.filter(actor=person, action="certification.paper_opened")
    return opened.filter(detail__bank=bank, detail__with_key=True).exists()


def wrote_any(person: Person, drawn: Iterable[QuestionVersion]) -> bool:
    """Whether the person wrote any version of the questions drawn."""
    questions = [version.question_id for version in drawn]
    return QuestionVersion.objects.filter(question__in=questions, created_by=person).exists()
