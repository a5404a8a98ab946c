"""Read a sent letter as a mail program would."""

import email
from email import policy
from email.message import EmailMessage


def message_of(letter) -> EmailMessage:
    """Return the letter parsed from its bytes."""
    return email.message_from_bytes(letter.message().as_bytes(), policy=policy.default)


def calendar_in(letter) -> bytes:
    """Return the calendar among the alternatives, as it was built."""
    (part,) = [
        part
        for part in message_of(letter).walk()
        if part.get_content_type() == "text/calendar" and not part.get_filename()
    ]
    return part.get_payload(decode=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
