"""Queue notices to participants after the transaction commits."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.sessions.tasks import send_notice


def tell(enrolment: Enrolment, notice: str) -> None:
    """Write to the person after the transaction is committed; about what is over nobody is written to."""
    session = enrolment.session
    if session.ends_at <= timezone.now():
        return
    transaction.on_commit(lambda: send_notice.enqueue(enrolment.pk, str(notice), session.sequence))


def tell_everybody(session: Session, notice: str) -> None:
    """Write to all who have a seat in ``session`` or wait for one."""
    people: Iterable[Enrolment] = session.enrolments.exclude(state=EnrolmentState.CANCELLED)
    for enrolment in people:
        enrolment.session = session
        tell(enrolment, notice)
