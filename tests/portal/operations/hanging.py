"""A task that never ends, for workers that are to be killed, and a mail server that takes letters into files."""

import time
import uuid
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django_tasks import task

from portal.operations.letters import send_once
from portal.registry.tasks import register_retry


@task()
def hang(marker: str) -> None:
    """Say by a file that it has begun, and never end."""
    with Path(marker).open("a") as file:
        file.write("begun\n")
    while True:
        time.sleep(1)


@task()
def hang_once(marker: str) -> int:
    """Hang at the first time; end at the second."""
    path = Path(marker)
    times = len(path.read_text().splitlines()) if path.exists() else 0
    with path.open("a") as file:
        file.write("begun\n")
    while times == 0:
        time.sleep(1)
    return times


@task()
def write_letter(marker: str, key: str, hang_at: str) -> bool:
    """Send a letter and hang before it is handed over, while it is, or after it was written down as sent."""
    first = not Path(marker).exists()
    EmailFiles.hang_at = hang_at if first else ""
    sent = send_once(EmailMessage("培训", "正文", to=[marker]), uuid.UUID(key))
    if first and hang_at == "after":
        Path(marker).touch()
        time.sleep(600)
    return sent


class EmailFiles(BaseEmailBackend):
    """Appends the Message-ID of each letter to a file beside the marker."""

    hang_at = ""

    def send_messages(self, email_messages):
        """Take the letters; hang before or after taking one if told to."""
        for message in email_messages:
            marker = Path(message.to[0])
            if self.hang_at == "before":
                marker.touch()
                time.sleep(600)
            with marker.with_suffix(".sent").open("a") as file:
                file.write(f"{message.message()['Message-ID']}\n")
            if self.hang_at == "while":
                marker.touch()
                time.sleep(600)
        return len(email_messages)


register_retry(hang_once)
register_retry(write_letter, at_most=2)
