"""Background tasks: letters to who must read a revised manual."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from kb.models import EditionVerdict
from portal.models import Person
from portal.notices.door import tell

_LETTERS = uuid.UUID("b6a4c1de-6f0c-4d6c-9a53-0c2f6a1f7e11")


@task()
def send_reading_letter(verdict_pk: int, person_pk: int) -> bool:
    """Write to one person about one edition, once; return whether a letter went out."""
    verdict = EditionVerdict.objects.select_related("edition__manual").filter(pk=verdict_pk).first()
    person = Person.objects.filter(pk=person_pk, is_active=True).first()
    if verdict is None or person is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        letter = compose_letter(verdict, person)
        key = uuid.uuid5(_LETTERS, f"{verdict_pk}:{person_pk}")
        return tell(person, letter, key, kind="readings", path=reverse("certification:reading", args=[verdict.pk]))


def compose_letter(verdict: EditionVerdict, person: Person) -> EmailMessage:
    """Return the letter that leads to the edition and says until when it must be read."""
    url = f"{settings.PUBLIC_URL}{reverse('certification:reading', args=[verdict.pk])}"
    context = {"verdict": verdict, "person": person, "url": url}
    return EmailMessage(
        subject=" ".join(render_to_string("certification/revisions/mail/subject.txt", context).split()),
        body=render_to_string("certification/revisions/mail/body.txt", context),
        to=[person.email] if person.email else [],
        headers={"Auto-Submitted": "auto-generated"},
    )
