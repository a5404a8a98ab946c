"""Background tasks: letters about assigned training."""

import uuid

from django_tasks import task

from courses.assignments.letters import send_letter
from courses.assignments.queries import open_dues
from portal.models import Person


@task()
def send_due_letter(due_pk: int, person_pk: int, notice: str, address: str, letter: str) -> bool:
    """Write one letter about one person's assigned training; return whether it went out. Run again, it writes once.

    Args:
        letter: key of the letter (UUID), the same when the task is begun again.
    """
    due = open_dues().filter(pk=due_pk).first()
    person = Person.objects.filter(pk=person_pk, is_active=True).first()
    if due is None or person is None:
        return False
    return send_letter(due, person, notice, address, uuid.UUID(letter))
