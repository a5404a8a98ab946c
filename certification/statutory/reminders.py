"""Letters about cards and company documents that run out: to the holder and to who keeps the file."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from certification.models import CompanyDocument, StatutoryCertificate
from certification.permissions import keepers_of_each
from certification.statutory.company import places_kept_by
from portal.enums import Role
from portal.models import Person
from portal.notices.reminders import key_of, remind_once

# Days before the last one on which a letter goes out besides the first by the lead time.
MILESTONES = (30, 7)
# A job that was off for some days still sends; what is older than that was sent or is stale.
LATE = 7


def milestone(warns_from: dt.date, last: dt.date, today: dt.date) -> str:
    """Return which reminder is due: the newest of those of the last days, or nothing."""
    days = {"lead": warns_from, **{str(count): last - dt.timedelta(days=count) for count in MILESTONES}}
    due = [(day, name) for name, day in days.items() if today - dt.timedelta(days=LATE) < day <= today <= last]
    return max(due)[1] if due else ""


def remind_of_statutory(today: dt.date | None = None) -> int:
    """Remind of each card and company document that is due, once; return how many people were told."""
    day = today or timezone.localdate()
    with translation.override(settings.LANGUAGE_CODE):
        return sum(_write(*each) for each in (*_cards(day), *_documents(day)))


def _cards(day: dt.date) -> Iterator[tuple[str, str, dt.date, Iterable[Person], str]]:
    counting = StatutoryCertificate.objects.filter(withdrawn_on__isnull=True, person__is_active=True)
    newer = StatutoryCertificate.objects.filter(
        person=OuterRef("person"),
        kind=OuterRef("kind"),
        project_code=OuterRef("project_code"),
        withdrawn_on__isnull=True,
        valid_to__gt=OuterRef("valid_to"),
    )
    standing = counting.filter(~Exists(newer), valid_to__gte=day).select_related("kind")
    due = [(card, which) for card in standing if (which := milestone(card.warns_from, card.last_day, day))]
    people = {card.person_id for card, _which in due}
    holders = {each.pk: each for each in Person.objects.filter(pk__in=people).with_posts(day)}
    keepers = keepers_of_each(holders.values())
    for card, which in due:
        holder = holders[card.person_id]
        key, what = f"card:{card.pk}:{which}", f"{holder.name} {card.kind.name}"
        # The list of cards is closed to who keeps no files; one's own stand on one's own page.
        yield key, what, card.last_day, [holder], reverse("certification:mine")
        yield key, what, card.last_day, keepers[holder.pk], reverse("certification:statutory_cards")


def _documents(day: dt.date) -> Iterator[tuple[str, str, dt.date, Iterable[Person], str]]:
    counting = CompanyDocument.objects.filter(withdrawn_on__isnull=True, valid_to__gte=day)
    keepers = list(
        Person.objects.filter(is_active=True, groups__name__in=[Role.MANAGER, Role.ADMINISTRATOR]).distinct()
    )
    due = [(each, milestone(each.warns_from, each.valid_to, day)) for each in counting.select_related("organisation")]
    url, kept = reverse("certification:company_documents"), {}
    for each, which in due:
        if which:
            kept = kept or {one: set(places_kept_by(one).values_list("pk", flat=True)) for one in keepers}
            readers = [one for one, places in kept.items() if each.organisation_id in places]
            yield f"company:{each.pk}:{which}", str(each), each.valid_to, readers, url


def _write(key: str, what: str, last: dt.date, readers: Iterable[Person], path: str) -> int:
    told = 0
    for reader in readers:
        compose = partial(_letter, reader, what, last, path)
        told += remind_once(key_of("statutory", key, reader.pk), reader, compose, kind="expiries", path=path)
    return told


def _letter(reader: Person, what: str, last: dt.date, path: str) -> EmailMessage:
    context = {"what": what, "last": last, "person": reader, "url": settings.PUBLIC_URL + path}
    return EmailMessage(
        subject=" ".join(render_to_string("certification/statutory/mail/subject.txt", context).split()),
        body=render_to_string("certification/statutory/mail/body.txt", context),
        headers={"Auto-Submitted": "auto-generated"},
    )
