"""Background tasks: notices about assigned training."""

import uuid

from django_tasks import task

from courses.assignments.letters import tell_of_due
from courses.assignments.queries import open_dues
from portal.models import Person


@task()
def send_due_letter(due_pk: int, person_pk: int, notice: str, reader_pk: int, letter: str) -> bool:
    """Tell one reader about one person's assigned training; return whether it reached them. Run again, it tells once.

    Args:
        reader_pk: the person, or who stands above them.
        letter: key of the letter (UUID), the same when the task is begun again.
    """
    due = open_dues().filter(pk=due_pk).first()
    person = Person.objects.filter(pk=person_pk, is_active=True).first()
    reader = Person.objects.filter(pk=reader_pk, is_active=True).first()
    if due is None or person is None or reader is None:
        return False
    return tell_of_due(due, person, notice, reader, uuid.UUID(letter))
