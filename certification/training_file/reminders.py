"""A regular job: remind of qualifications before they expire; each once for one last day. Cards have their own terms
(``certification.statutory.reminders``)."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from certification.enums import EntryKind
from certification.ledger.standing import standing_under
from certification.models import LedgerEntry
from portal.models import Person, PortalSettings
from portal.notices.reminders import key_of, remind_once


def remind_of_expiries() -> int:
    """Remind the holders of what expires within the days of the settings; return how many were reminded."""
    today = timezone.localdate()
    days = PortalSettings.load().expiring_days
    reminded = 0
    with translation.override(settings.LANGUAGE_CODE):
        for person, what, last_day, key in _qualifications(today, days):
            compose = partial(_letter, person, what, last_day)
            path = reverse("certification:mine")
            reminded += remind_once(key_of(*key, last_day), person, compose, kind="expiries", path=path)
    return reminded


def _qualifications(today: dt.date, days: int) -> Iterator[tuple[Person, str, dt.date, tuple]]:
    """Yield what stands as expiring; only the files of who has an end within the days are read."""
    until = today + dt.timedelta(days=days)
    granting = (EntryKind.GRANTED, EntryKind.RENEWED, EntryKind.CORRECTED)
    near = LedgerEntry.objects.filter(kind__in=granting, valid_to__gt=today, valid_to__lte=until)
    pairs = set(near.values_list("person", "scheme"))
    entries = LedgerEntry.objects.filter(
        person__in={person for person, _scheme in pairs}, scheme__in={scheme for _person, scheme in pairs}
    ).select_related("person", "scheme")
    ordered = entries.order_by("person", "scheme", "pk")
    for (person, scheme), rows in groupby(ordered, key=lambda entry: (entry.person_id, entry.scheme_id)):
        mine = list(rows)
        if (person, scheme) not in pairs or not mine[0].person.is_active:
            continue
        now = standing_under(mine[0].scheme, mine, today)
        if now.is_valid and now.valid_to and (now.valid_to - today).days < days:
            yield mine[0].person, mine[0].scheme.name, now.valid_to, ("qualification", person, scheme)


def _letter(person: Person, what: str, last_day: dt.date) -> EmailMessage:
    url = f"{settings.PUBLIC_URL}{reverse('certification:mine')}"
    context = {"person": person, "what": what, "last_day": last_day, "url": url}
    return EmailMessage(
        subject=" ".join(render_to_string("certification/training_file/mail/subject.txt", context).split()),
        body=render_to_string("certification/training_file/mail/body.txt", context),
        headers={"Auto-Submitted": "auto-generated"},
    )
