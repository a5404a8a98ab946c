"""Queue letters about training requests after the transaction commits."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import Notice
from courses.models import Session, TrainingRequest
from courses.nominations.permissions import arrangers_of
from courses.nominations.tasks import send_request_letter


def tell_contact(request: TrainingRequest, notice: str, was: dict[str, str] | None = None) -> None:
    """Write to the contact of the customer, if there is an address.

    Args:
        notice: ``naming``, ``reminder``, ``planned``, ``declined``, ``moved`` or ``called_off``.
        was: time and place before.
    """
    if request.contact_email:
        _queue(request, notice, request.contact_email, was=was)


def tell_arrangers(request: TrainingRequest, notice: str) -> None:
    """Write to who arranges the customer's training and to the trainer of its session, once each.

    Args:
        notice: ``asked`` or ``named``.
    """
    people = [*arrangers_of(request), *([request.session.trainer] if request.session else [])]
    for person in sorted({person for person in people if person.is_active}, key=lambda person: person.pk):
        _queue(request, notice, person.email, person.pk)


def _queue(
    request: TrainingRequest, notice: str, address: str, person: int | None = None, was: dict[str, str] | None = None
) -> None:
    letter = uuid.uuid4().hex
    transaction.on_commit(lambda: send_request_letter.enqueue(request.pk, notice, address, letter, person, was or {}))


def session_moved(
    sender: Any, session: Session, notice: str, was: dict[str, str], ends_at: dt.datetime, **_kwargs: Any
) -> None:
    """Tell the customer's contact of a change, since the people they named have no letters of their own.

    Args:
        ends_at: when what is told of is over.
    """
    request = TrainingRequest.objects.filter(session=session).first()
    if request is not None and ends_at > timezone.now():
        tell_contact(request, "moved" if notice == Notice.RESCHEDULED else "called_off", was)
