"""Queue notices to participants after the transaction commits, each newer than the last one to that person."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from courses.enums import EnrolmentState, SeatApproval
from courses.models import Enrolment, Session
from courses.sessions.superiors import superiors_of
from courses.sessions.tasks import send_approval_request, send_notice, send_trainer_notice
from courses.sessions.wording import written_time
from portal.models import Person


def stamp(enrolment: Enrolment) -> None:
    """Set DTSTAMP of the next letter, without saving: now, but a second later than the last letter at least."""
    now = timezone.now().replace(microsecond=0)
    last = enrolment.stamped_at
    enrolment.stamped_at = now if last is None else max(now, last + dt.timedelta(seconds=1))


def said_before(old: Session, new: Session) -> dict[str, str]:
    """Return what letters say of time and place as they were, where one of them changed."""
    with translation.override(settings.LANGUAGE_CODE):
        times, places = (written_time(old), written_time(new)), (old.place, new.place)
    said = {"time": times[0]} if times[0] != times[1] else {}
    return said | ({"place": places[0]} if places[0] != places[1] else {})


def tell(enrolment: Enrolment, notice: str, was: dict[str, str] | None = None) -> None:
    """Write to the person after the transaction is committed; about what is over nobody is written to.

    Args:
        was: time and place before, see :func:`said_before`.
    """
    session = enrolment.session
    if session.ends_at <= timezone.now():
        return
    sequence, letter = enrolment.calendar_sequence, uuid.uuid4().hex
    transaction.on_commit(lambda: send_notice.enqueue(enrolment.pk, str(notice), sequence, letter, was or {}))


def tell_everybody(session: Session, notice: str, was: dict[str, str] | None = None) -> None:
    """Write to all who have a seat in ``session`` or wait for one."""
    people = list(session.enrolments.exclude(state=EnrolmentState.CANCELLED))
    for enrolment in people:
        stamp(enrolment)
    Enrolment.objects.bulk_update(people, ["stamped_at"])
    for enrolment in people:
        enrolment.session = session
        tell(enrolment, notice, was)


def tell_trainers(session: Session, notice: str, was: dict[str, str], before: Person, *, by: Person) -> None:
    """Write to who teaches a session, and to who did before, unless they changed it themselves."""
    if session.ends_at <= timezone.now():
        return
    for trainer in {session.trainer, before} - {by}:
        letter = uuid.uuid4().hex
        args = (session.pk, trainer.pk, str(notice), session.sequence, letter, was)
        transaction.on_commit(lambda args=args: send_trainer_notice.enqueue(*args))


def tell_approvers(enrolment: Enrolment) -> None:
    """Tell who is to approve a seat: the superiors, or the trainer; where nobody stands above, the trainer as well."""
    session = enrolment.session
    people = superiors_of(enrolment.person) if session.approval == SeatApproval.SUPERIOR else []
    for person in people or [session.trainer]:
        args = (enrolment.pk, person.pk, enrolment.calendar_sequence, uuid.uuid4().hex)
        transaction.on_commit(lambda args=args: send_approval_request.enqueue(*args))
