"""Give a reminder once, even if the worker that gives it dies in the middle."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.core.mail import EmailMessage

from portal.models import Person, Reminder
from portal.notices.door import tell

_REMINDERS = uuid.UUID("2b9f3c60-5f6a-4a0b-9f58-3d8d1e1b8c41")
#: How long it is remembered that a reminder was given; longer than any is due.
KEPT_FOR = dt.timedelta(days=400)


def key_of(*parts: object) -> uuid.UUID:
    """Return the key of a reminder: kind, record, person, term."""
    return uuid.uuid5(_REMINDERS, ":".join(str(part) for part in parts))


def remind_once(
    key: uuid.UUID, person: Person, compose: Callable[[], EmailMessage], *, kind: str, path: str = ""
) -> bool:
    """Remind somebody unless it was done; return whether it was done now. What reached nobody is not done.

    The channels are each used once under the key. Dies the worker before it wrote down that all is done, the next run
    goes through them again and only what is missing goes out.
    """
    if Reminder.objects.filter(key=key).exists():
        return False
    if not tell(person, compose(), key, kind=kind, path=path):
        return False
    _reminder, is_new = Reminder.objects.get_or_create(key=key)
    return is_new
