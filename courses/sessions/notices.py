"""Queue notices to participants after the transaction commits, each newer than the last one to that person."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.sessions.tasks import send_notice


def stamp(enrolment: Enrolment) -> None:
    """Set DTSTAMP of the next letter, without saving: now, but a second later than the last letter at least."""
    now = timezone.now().replace(microsecond=0)
    last = enrolment.stamped_at
    enrolment.stamped_at = now if last is None else max(now, last + dt.timedelta(seconds=1))


def tell(enrolment: Enrolment, notice: str) -> None:
    """Write to the person after the transaction is committed; about what is over nobody is written to."""
    session = enrolment.session
    if session.ends_at <= timezone.now():
        return
    sequence, letter = enrolment.calendar_sequence, uuid.uuid4().hex
    transaction.on_commit(lambda: send_notice.enqueue(enrolment.pk, str(notice), sequence, letter))


def tell_everybody(session: Session, notice: str) -> None:
    """Write to all who have a seat in ``session`` or wait for one."""
    people = list(session.enrolments.exclude(state=EnrolmentState.CANCELLED))
    for enrolment in people:
        stamp(enrolment)
    Enrolment.objects.bulk_update(people, ["stamped_at"])
    for enrolment in people:
        enrolment.session = session
        tell(enrolment, notice)
