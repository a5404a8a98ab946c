"""Background tasks: mails about sessions."""

import uuid

from django_tasks import task

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.sessions.letters.invitations import ask_for_approval, send_invitation, send_to_trainer, tell_of_session
from portal.models import Person


@task()
def send_notice(
    enrolment_pk: int, notice: str, sequence: int, letter: str = "", was: dict[str, str] | None = None
) -> bool:
    """Write to one person about one session; return whether a letter went out. Run again, it writes no second one.

    Args:
        notice: a value of ``courses.enums.Notice``.
        sequence: SEQUENCE of this person's event when the notice was decided; a letter overtaken by a later change is
            left out.
        letter: key of the letter (UUID), the same when the task is begun again; empty for one of its own.
        was: time and place before.
    """
    enrolment = (
        Enrolment.objects.select_related("person", "session__trainer", "session__organisation")
        .filter(pk=enrolment_pk)
        .first()
    )
    if enrolment is None or enrolment.calendar_sequence != sequence:
        return False
    return send_invitation(enrolment, notice, letter_key=uuid.UUID(letter) if letter else uuid.uuid4(), was=was)


@task()
def send_trainer_notice(
    session_pk: int, person_pk: int, notice: str, sequence: int, letter: str, was: dict[str, str]
) -> bool:
    """Write to a trainer about a change of a session they teach, or taught before it; once.

    Args:
        sequence: of the session when the notice was decided; one overtaken by a later change is left out.
    """
    session = Session.objects.select_related("trainer", "organisation").filter(pk=session_pk, sequence=sequence).first()
    person = Person.objects.filter(pk=person_pk).first()
    if session is None or person is None:
        return False
    return send_to_trainer(session, person, notice, was, letter_key=uuid.UUID(letter))


@task()
def send_approval_request(enrolment_pk: int, person_pk: int, sequence: int, letter: str) -> bool:
    """Tell somebody of a seat that awaits their approval; once, and not when it was decided meanwhile."""
    found = Enrolment.objects.select_related("person", "session__trainer", "session__organisation")
    enrolment = found.filter(pk=enrolment_pk, state=EnrolmentState.PENDING).first()
    person = Person.objects.filter(pk=person_pk).first()
    if enrolment is None or person is None or enrolment.calendar_sequence != sequence:
        return False
    return ask_for_approval(enrolment, person, letter_key=uuid.UUID(letter))


@task()
def send_interest_notice(session_pk: int, person_pk: int, letter: str) -> bool:
    """Tell somebody of a session of what they want; once."""
    session = Session.objects.select_related("trainer", "organisation").filter(pk=session_pk).first()
    person = Person.objects.filter(pk=person_pk).first()
    if session is None or person is None:
        return False
    return tell_of_session(session, person, letter_key=uuid.UUID(letter))
