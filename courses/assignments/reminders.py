"""A regular job: remind of assigned training before its last day, tell the superior when it is late; each once."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.assignments.queries import Owed, open_dues, owed, people_of
from courses.assignments.tasks import send_due_letter
from courses.enums import DueNotice
from courses.models import DueLetter
from courses.sessions.superiors import superiors_of
from portal.models import Person

#: How long before the last day somebody is reminded, and how long after it their superior is told.
REMIND_BEFORE = dt.timedelta(days=14)
ESCALATE_AFTER = dt.timedelta(days=7)


def remind_of_dues() -> int:
    """Queue the letters that are due today; return how many people were written to or about."""
    queued = 0
    for due in open_dues().order_by("pk"):
        known = set(due.letters.values_list("person", "notice"))
        for row in owed((due, person) for person in people_of(due)):
            for notice in _notices(row):
                if (row.person.pk, notice) not in known:
                    queued += _queue(row, notice)
    return queued


def _notices(row: Owed) -> list[str]:
    if row.is_done:
        return []
    today = timezone.localdate()
    wanted = [(DueNotice.REMINDER, row.due_on - REMIND_BEFORE), (DueNotice.ESCALATION, row.due_on + ESCALATE_AFTER)]
    return [str(notice) for notice, day in wanted if day <= today]


def _queue(row: Owed, notice: str) -> int:
    """Note the letter and queue it; nothing where another worker has noted it, or there is nobody to tell."""
    readers: Iterable[Person] = [row.person] if notice == DueNotice.REMINDER else superiors_of(row.person)
    told = sorted({reader.pk for reader in readers if reader.is_active})
    if not told:
        return 0
    try:
        with transaction.atomic():
            DueLetter.objects.create(due=row.due, person=row.person, notice=notice)
            for reader in told:
                _enqueue(row.due.pk, row.person.pk, notice, reader)
    except IntegrityError:
        return 0
    return 1


def _enqueue(due: int, person: int, notice: str, reader: int) -> None:
    letter = uuid.uuid4().hex
    transaction.on_commit(lambda: send_due_letter.enqueue(due, person, notice, reader, letter))
