"""Reads of manuals, editions and chapters; the only place with their annotations and prefetches."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from kb.models import Manual, ManualChapter, ManualEdition
from portal.audiences import can_open, readable


def readable_chapter(chapter: ManualChapter | None, reader: Any) -> ManualChapter | None:
    """Return the chapter if its edition is published and ``reader`` may open its manual."""
    if chapter is None or not chapter.edition.is_published:
        return None
    return chapter if can_open(reader, chapter.edition.manual.audience) else None


def published_manuals() -> QuerySet[Manual]:
    """Return the manuals with at least one published edition."""
    return Manual.objects.filter(Exists(ManualEdition.objects.published().filter(manual=OuterRef("pk"))))


def manuals_for(reader: Any) -> QuerySet[Manual]:
    """Return the manuals ``reader`` may open."""
    return readable(published_manuals(), reader)


def listed_manuals(manuals: QuerySet[Manual]) -> QuerySet[Manual]:
    """Fetch what a list shows of a manual: category and published editions with the number of their chapters."""
    editions = ManualEdition.objects.published().annotate(chapter_count=Count("chapters"))
    return manuals.select_related("category").prefetch_related(Prefetch("editions", editions, to_attr="published"))


def manual_for_reading(number: str) -> Manual | None:
    """Return a manual with its published editions (``.published``, the current one first), or None."""
    manual = listed_manuals(Manual.objects.filter(number=number)).first()
    return manual if manual and manual.published else None


def chapters_for_reading(edition: ManualEdition) -> QuerySet[ManualChapter]:
    """Return the chapters of an edition in order."""
    return edition.chapters.order_by("sort_order", "pk")


def current_chapters(keep: int | None = None) -> QuerySet[ManualChapter]:
    """Return the chapters of every manual's current edition, and the chapter ``keep`` whatever its edition."""
    newest = ManualEdition.objects.published().filter(manual=OuterRef("manual")).values("pk")[:1]
    current = ManualEdition.objects.filter(pk=Subquery(newest))
    return (
        ManualChapter.objects.filter(Q(edition__in=current) | Q(pk=keep))
        .select_related("edition__manual")
        .order_by("edition__manual__number", "sort_order", "pk")
    )
