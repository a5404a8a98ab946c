"""Background tasks: letters about training requests."""

import uuid

from django_tasks import task

from courses.models import TrainingRequest
from courses.nominations.letters import send_letter
from portal.models import Person


@task()
def send_request_letter(
    request_pk: int,
    notice: str,
    address: str,
    letter: str,
    person_pk: int | None = None,
    was: dict[str, str] | None = None,
) -> bool:
    """Write one letter about one request; return whether it went out. Run again, it writes no second one.

    Args:
        letter: key of the letter (UUID), the same when the task is begun again.
        person_pk: a colleague who is told; none for the customer's contact.
        was: time and place of the session before it was moved.
    """
    request = TrainingRequest.objects.select_related("organisation", "session__trainer").filter(pk=request_pk).first()
    person = Person.objects.filter(pk=person_pk).first() if person_pk else None
    return request is not None and send_letter(request, notice, address, uuid.UUID(letter), person, was)
