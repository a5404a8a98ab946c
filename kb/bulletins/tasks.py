"""Background task: the letter that reminds of a bulletin."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task

from kb.bulletins.queries import is_asked
from kb.models import BulletinConfirmation, BulletinIssue
from portal.models import Person
from portal.notices.door import tell

_LETTERS = uuid.UUID("a2a6f7b0-96a4-45d3-b3ba-6a2a1f0b8f31")


@task()
def send_bulletin_letter(issue_pk: int, person_pk: int) -> bool:
    """Remind one person of one edition, once; return whether it reached them."""
    issue = BulletinIssue.objects.select_related("bulletin").filter(pk=issue_pk).first()
    person = Person.objects.filter(pk=person_pk, is_active=True).first()
    if issue is None or person is None or BulletinConfirmation.objects.filter(issue=issue, person=person).exists():
        return False
    if not is_asked(issue, person):
        return False
    path = issue.bulletin.get_absolute_url()
    context = {"issue": issue, "person": person, "url": f"{settings.PUBLIC_URL}{path}"}
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=" ".join(render_to_string("kb/bulletins/mail/subject.txt", context).split()),
            body=render_to_string("kb/bulletins/mail/body.txt", context),
            headers={"Auto-Submitted": "auto-generated"},
        )
        return tell(person, letter, uuid.uuid5(_LETTERS, f"{issue_pk}:{person_pk}"), kind="bulletins", path=path)
