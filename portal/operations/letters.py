"""Send a letter from a background task, once: a task that is run again does not write a second time.

Between the mail server's taking a letter and our writing that down lies a moment in which a worker can die. Whoever
runs the task again then sends the letter once more under the same Message-ID, by which mailboxes drop the second copy.
"""

import datetime as dt
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from portal.models import Letter

#: How often a letter is handed to the mail server: a second time when the worker died over the first.
ATTEMPTS = 2
KEPT_FOR = dt.timedelta(days=30)


def send_once(letter: EmailMessage, key: uuid.UUID) -> bool:
    """Send ``letter`` unless it has been sent under this key before; return whether it has been sent, now or before."""
    with transaction.atomic():
        Letter.objects.get_or_create(key=key)
        record = Letter.objects.select_for_update().get(key=key)
        if record.sent_at is not None:
            return True
        if record.attempts >= ATTEMPTS:
            return False
        record.attempts += 1
        record.save(update_fields=["attempts"])
    letter.extra_headers.setdefault("Message-ID", f"<{key.hex}@{_domain()}>")
    letter.send()
    Letter.objects.filter(key=key).update(sent_at=timezone.now())
    return True


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
