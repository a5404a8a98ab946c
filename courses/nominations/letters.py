"""Letters about training requests: the link to name people, the day, a refusal."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from courses.models import TrainingRequest
from courses.nominations.links import address_of, live_links
from courses.sessions.events import absolute
from portal.models import Person
from portal.notices.door import tell
from portal.operations.letters import send_once

#: Letters that carry the link itself; they go to the contact only.
WITH_LINK = frozenset({"naming", "reminder", "planned"})


def send_letter(
    request: TrainingRequest,
    notice: str,
    address: str,
    key: uuid.UUID,
    person: Person | None = None,
    was: dict[str, str] | None = None,
) -> bool:
    """Send a letter unless it was sent under ``key`` before; a link taken back meanwhile is not written.

    Args:
        person: a colleague, who is told by the channels they chose; the contact of a customer gets a letter.
    """
    links = live_links(request) if notice in WITH_LINK else []
    if notice in ("naming", "reminder") and (not links or not request.is_open_for_names()):
        return False
    context = {
        "request": request,
        "notice": notice,
        "was": was or {},
        "link": address_of(links[0]) if links and request.is_open_for_names() else "",
        "page": absolute(reverse("courses:request", args=[request.pk])) if notice in ("asked", "named") else "",
    }
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=" ".join(render_to_string("courses/nominations/mail/subject.txt", context).split()),
            body=render_to_string("courses/nominations/mail/body.txt", context),
            to=[address] if address else [],
            headers={"Auto-Submitted": "auto-generated"},
        )
        if person is not None:
            path = reverse("courses:request", args=[request.pk])
            return tell(person, letter, key, kind="requests", path=path)
        return send_once(letter, key)
