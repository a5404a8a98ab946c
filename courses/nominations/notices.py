"""Queue letters about training requests after the transaction commits."""

import uuid

from django.db import transaction

from courses.models import TrainingRequest
from courses.nominations.permissions import arrangers_of
from courses.nominations.tasks import send_request_letter


def tell_contact(request: TrainingRequest, notice: str) -> None:
    """Write to the contact of the customer, if there is an address.

    Args:
        notice: ``naming``, ``reminder``, ``planned`` or ``declined``.
    """
    if request.contact_email:
        _queue(request, notice, request.contact_email)


def tell_arrangers(request: TrainingRequest, notice: str) -> None:
    """Write to who arranges the customer's training and to the trainer of its session, once each.

    Args:
        notice: ``asked`` or ``named``.
    """
    people = [*arrangers_of(request), *([request.session.trainer] if request.session else [])]
    for person in sorted({person for person in people if person.is_active}, key=lambda person: person.pk):
        _queue(request, notice, person.email, person.pk)


def _queue(request: TrainingRequest, notice: str, address: str, person: int | None = None) -> None:
    letter = uuid.uuid4().hex
    transaction.on_commit(lambda: send_request_letter.enqueue(request.pk, notice, address, letter, person))
