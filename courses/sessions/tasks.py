"""Background tasks: mails about sessions."""

import uuid

from django_tasks import task

from courses.models import Enrolment
from courses.sessions.invitations import send_invitation


@task()
def send_notice(enrolment_pk: int, notice: str, sequence: int, letter: str = "") -> bool:
    """Write to one person about one session; return whether a letter went out. Run again, it writes no second one.

    Args:
        notice: a value of ``courses.enums.Notice``.
        sequence: SEQUENCE of this person's event when the notice was decided; a letter overtaken by a later change is
            left out.
        letter: key of the letter (UUID), the same when the task is begun again; empty for one of its own.
    """
    enrolment = (
        Enrolment.objects.select_related("person", "session__trainer", "session__organisation")
        .filter(pk=enrolment_pk)
        .first()
    )
    if enrolment is None or enrolment.calendar_sequence != sequence:
        return False
    return send_invitation(enrolment, notice, letter_key=uuid.UUID(letter) if letter else uuid.uuid4())
