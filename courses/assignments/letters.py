"""Letters about assigned training: a reminder to who owes it, a word to the superior when it is late."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from courses.assignments.permissions import visible_dues
from courses.assignments.queries import owed_by
from courses.models import TrainingDue
from courses.sessions.events import absolute
from portal.models import Person
from portal.notices.door import tell


def tell_of_due(due: TrainingDue, person: Person, notice: str, reader: Person, key: uuid.UUID) -> bool:
    """Tell ``reader`` once of what ``person`` owes; not when it was done or withdrawn meanwhile."""
    row = next((row for row in owed_by(person) if row.due.pk == due.pk and not row.is_done), None)
    if row is None:
        return False
    own = reader.pk == person.pk
    is_seen = visible_dues(reader).filter(pk=due.pk).exists()
    path = reverse("courses:my") if own else due.get_absolute_url() if is_seen else ""
    context = {"row": row, "notice": notice, "page": absolute(reverse("courses:my"))}
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=" ".join(render_to_string("courses/assignments/mail/subject.txt", context).split()),
            body=render_to_string("courses/assignments/mail/body.txt", context),
            headers={"Auto-Submitted": "auto-generated"},
        )
        return tell(reader, letter, key, kind="dues", path=path)
