"""What is done with editions of manuals: published once, corrected by a new one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.errors import EditionExists, EditionIsPublished, EditionNotPublishable
from kb.models import FaultArticle, Manual, ManualChapter, ManualEdition
from kb.signals import edition_published
from portal.access import audit


@transaction.atomic
def publish_edition(edition: ManualEdition, *, actor: Any = None, published_on: dt.date | None = None) -> ManualEdition:
    """Publish a draft edition: it becomes the current one and freezes; articles follow to its chapters.

    Args:
        edition: the draft.
        published_on: the day it took effect, today unless an older edition is brought in.

    Raises:
        EditionIsPublished: it was published already.
        EditionNotPublishable: it has no chapter, or a chapter without text.
    """
    manual = Manual.objects.select_for_update().get(pk=edition.manual_id)
    stored = ManualEdition.objects.select_for_update().get(pk=edition.pk)
    if stored.is_published:
        raise EditionIsPublished(edition=stored.edition)
    _check_chapters(stored)
    previous = _current(manual)
    stored.published_on = published_on or timezone.localdate()
    stored.save(update_fields=["published_on"])
    moved = _follow(previous, stored) if previous else 0
    edition_published.send(sender=ManualEdition, edition=stored, previous=previous)
    audit.record(
        "kb.edition_published",
        stored,
        actor=actor,
        manual=manual.number,
        edition=stored.edition,
        previous=previous.edition if previous else None,
        articles_moved=moved,
    )
    return stored


@transaction.atomic
def new_edition(manual: Manual, name: str, *, changes: str = "", actor: Any = None) -> ManualEdition:
    """Start the next edition as a draft with a copy of the current chapters.

    Args:
        name: for example ``A/1``.
        changes: what will be different, for the revision table.

    Raises:
        EditionExists: the manual has this edition, or another draft, already.
    """
    manual = Manual.objects.select_for_update().get(pk=manual.pk)
    editions = ManualEdition.objects.filter(manual=manual)
    taken = editions.drafts().first() or editions.filter(edition=name).first()
    if taken:
        raise EditionExists(manual=manual.title, edition=taken.edition)
    draft = ManualEdition(manual=manual, edition=name, changes=changes)
    draft.full_clean()
    draft.document_number = f"{manual.number}-{draft.slug.replace('-', '')}"
    draft.save()
    current = _current(manual)
    chapters = current.chapters.all() if current else []
    for chapter in chapters:
        ManualChapter.objects.create(
            edition=draft,
            sort_order=chapter.sort_order,
            number=chapter.number,
            title=chapter.title,
            topic=chapter.topic,
            body=chapter.body,
        )
    audit.record("kb.edition_started", draft, actor=actor, manual=manual.number, edition=name)
    return draft


def next_edition_name(manual: Manual) -> str:
    """Suggest the name of the next edition: A/1 after A/0, A/0 for the first."""
    current = _current(manual)
    if current is None:
        return "A/0"
    head, _slash, count = current.edition.rpartition("/")
    return f"{head}/{int(count) + 1}" if head and count.isdigit() else f"{current.edition}/1"


def _current(manual: Manual) -> ManualEdition | None:
    return ManualEdition.objects.published().filter(manual=manual).first()


def _check_chapters(edition: ManualEdition) -> None:
    chapters = list(edition.chapters.all())
    if not chapters:
        raise EditionNotPublishable(edition=edition.edition, missing=_("It has no chapter yet."))
    empty = [chapter.number for chapter in chapters if not chapter.body]
    if empty:
        missing = _("These chapters have no text: %(numbers)s.") % {"numbers": "、".join(empty)}
        raise EditionNotPublishable(edition=edition.edition, missing=missing)


def _follow(previous: ManualEdition, current: ManualEdition) -> int:
    """Lead the articles that pointed to a chapter of ``previous`` to the same chapter of ``current``; count them."""
    chapters = {chapter.number: chapter for chapter in current.chapters.all()}
    moved = 0
    for chapter in previous.chapters.all():
        if same := chapters.get(chapter.number):
            moved += FaultArticle.objects.filter(chapter=chapter).update(chapter=same)
    return moved
