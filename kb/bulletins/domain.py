"""Publish bulletins, issue their editions, take the word of who read them, remind the others once."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.bulletins.errors import EditionReplaced, NotAsked
from kb.bulletins.queries import current_issue, is_asked, open_issues, without_confirmation
from kb.bulletins.tasks import send_bulletin_letter
from kb.models import Bulletin, BulletinConfirmation, BulletinIssue, BulletinReminder
from kb.publication import publish
from portal.access import audit, publications
from portal.models import Person

#: Who has not confirmed is reminded so many days before the last one.
REMIND_BEFORE = dt.timedelta(days=3)


def publish_bulletin(bulletin: Bulletin, *, actor: Any = None) -> Bulletin:
    """Publish ``bulletin`` as it is in memory, keeping a revision; a new edition of it is issued.

    Raises:
        NotPublishable: the text is missing, or the day to confirm is over.
    """
    return publish(bulletin, actor=actor)


def issue_edition(sender: Any, instance: Bulletin, revision: Any, **kwargs: Any) -> None:
    """Issue the edition that was published, once, and record the publication (receiver of Wagtail's ``published``).

    However it is published, by form, schedule or verb, it comes through here.
    """
    publications.record_publication("kb.bulletin_published", instance, revision, number=instance.number)
    values = {"content": revision.content, "read_by": instance.read_by, "issued_by": revision.user}
    _issue, is_new = BulletinIssue.objects.get_or_create(bulletin=instance, edition=instance.edition, defaults=values)
    if is_new:
        audit.record("kb.bulletin_issued", instance, actor=revision.user, edition=instance.edition)


def record_withdrawal(sender: Any, instance: Bulletin, **kwargs: Any) -> None:
    """Write the withdrawal into the audit log (receiver of Wagtail's ``unpublished``)."""
    publications.record_withdrawal("kb.bulletin_withdrawn", instance, number=instance.number)


@transaction.atomic
def confirm(issue: BulletinIssue, person: Person) -> BulletinConfirmation:
    """Record that ``person`` has read the edition; a second word returns the first one.

    Raises:
        EditionReplaced: a newer edition is in force.
        NotAsked: the person is not among its readers.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    newest = current_issue(issue.bulletin)
    if newest is not None and newest != issue:
        raise EditionReplaced(edition=newest.edition)
    if not is_asked(issue, person):
        raise NotAsked
    said = BulletinConfirmation.objects.filter(issue=issue, person=person).first()
    if said is not None:
        return said
    said = BulletinConfirmation.objects.create(issue=issue, person=person)
    audit.record("kb.bulletin_confirmed", issue.bulletin, actor=person, edition=issue.edition)
    return said


def remind_readers() -> int:
    """Write to who has not confirmed an edition whose day is near, once each; return how many (a regular job)."""
    reminded = 0
    today = timezone.localdate()
    for issue in open_issues().filter(read_by__gte=today, read_by__lte=today + REMIND_BEFORE):
        known = BulletinReminder.objects.filter(issue=issue).values("person")
        for person in without_confirmation(issue).exclude(pk__in=known):
            with transaction.atomic():
                _row, is_new = BulletinReminder.objects.get_or_create(issue=issue, person=person)
                if is_new:
                    transaction.on_commit(partial(send_bulletin_letter.enqueue, issue.pk, person.pk))
                    reminded += 1
    return reminded
