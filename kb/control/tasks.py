"""Background task: the letter that reminds the owner of a review."""

import uuid

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from kb.models import ReviewReminder
from portal.notices.door import tell

_LETTERS = uuid.UUID("5b7f0d2e-31c5-4b0f-9f3d-2f7f3d7d0c44")


@task()
def send_review_letter(reminder_pk: int) -> bool:
    """Remind one owner, once; return whether it reached them."""
    reminder = ReviewReminder.objects.select_related("person").filter(pk=reminder_pk).first()
    if reminder is None or not reminder.person.is_active:
        return False
    record = apps.get_model(reminder.record_label).objects.filter(pk=reminder.record_id, live=True).first()
    if record is None:
        return False
    path = record.get_absolute_url()
    url = f"{settings.PUBLIC_URL}{path}"
    context = {"record": record, "reminder": reminder, "person": reminder.person, "url": url}
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=" ".join(render_to_string("kb/control/mail/subject.txt", context).split()),
            body=render_to_string("kb/control/mail/body.txt", context),
            headers={"Auto-Submitted": "auto-generated"},
        )
        return tell(reminder.person, letter, uuid.uuid5(_LETTERS, str(reminder_pk)), kind="reviews", path=path)
