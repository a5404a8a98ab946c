"""Letters about field cases."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from kb.cases.permissions import can_open_case
from kb.models import FieldCase
from portal.models import Person
from portal.notices.door import tell


def compose_letter(case: FieldCase, person: Person, act: str) -> EmailMessage:
    """Return the letter about one act; it says what happened and leads to the case, the rest is read there."""
    context = {"case": case, "person": person, "act": act, "url": f"{settings.PUBLIC_URL}{case.get_absolute_url()}"}
    return EmailMessage(
        subject=" ".join(render_to_string("kb/cases/mail/subject.txt", context).split()),
        body=render_to_string("kb/cases/mail/body.txt", context),
        to=[person.email] if person.email else [],
        headers={"Auto-Submitted": "auto-generated"},
    )


def send_letter(case: FieldCase, person: Person, act: str, key: uuid.UUID) -> bool:
    """Tell who may open the case, once; return whether it reached them.

    A reporter of a merged case does not see the other one; they read the answer on their own.
    """
    if not person.is_active:
        return False
    shown = case if can_open_case(person, case) else case.merged.filter(reporter=person).first()
    if shown is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        return tell(person, compose_letter(shown, person, act), key, kind="cases", path=shown.get_absolute_url())
