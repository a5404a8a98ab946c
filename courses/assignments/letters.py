"""Letters about assigned training: a reminder to who owes it, a word to the superior when it is late."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from courses.assignments.queries import owed_by
from courses.models import TrainingDue
from courses.sessions.events import absolute
from portal.models import Person
from portal.operations.letters import send_once


def send_letter(due: TrainingDue, person: Person, notice: str, address: str, key: uuid.UUID) -> bool:
    """Send a letter unless it was sent under ``key`` before, or the training was done or withdrawn meanwhile."""
    row = next((row for row in owed_by(person) if row.due.pk == due.pk and not row.is_done), None)
    if row is None:
        return False
    context = {"row": row, "notice": notice, "page": absolute(reverse("courses:my"))}
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=" ".join(render_to_string("courses/assignments/mail/subject.txt", context).split()),
            body=render_to_string("courses/assignments/mail/body.txt", context),
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )
        return send_once(letter, key)
