"""Queries on manuals, editions and chapters with their annotations and prefetches."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from kb.models import FaultArticle, Manual, ManualChapter, ManualEdition
from kb.models.reviews import REVIEW
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


def chapters_of(editions: Iterable[ManualEdition]) -> QuerySet[ManualChapter]:
    """Return the chapters of ``editions`` with their edition, the newest edition first."""
    chapters = ManualChapter.objects.filter(edition__in=editions).select_related("edition")
    return chapters.order_by("-edition__published_on", "-edition_id", "sort_order", "pk")


def editions_to_compare(manual: Manual, reader: Any) -> list[ManualEdition]:
    """Return the editions whose text ``reader`` may compare, the newest first.

    A draft stands before them for editors and for those who review it.
    """
    published = list(ManualEdition.objects.published().filter(manual=manual).select_related("manual"))
    if not (reader.has_perm("kb.change_manualedition") or reader.has_perm(REVIEW)):
        return published
    return [*ManualEdition.objects.drafts().filter(manual=manual).select_related("manual"), *published]


@dataclass(frozen=True)
class NewerEdition:
    """The chapter with the cited number in the edition that replaced the cited one; its content may differ.

    Attributes:
        chapter: None when the newer edition has no chapter of this number.
    """

    edition: ManualEdition
    number: str
    chapter: ManualChapter | None

    @property
    def url(self) -> str:
        """Where it opens: at the chapter, or at the edition."""
        return (self.chapter or self.edition).get_absolute_url()


def newer_editions(chapters: Iterable[ManualChapter | None]) -> dict[int, NewerEdition]:
    """Return for each cited chapter whose edition was replaced, by its key, where its number is now.

    Args:
        chapters: with ``edition__manual``; None is left out.
    """
    cited = [chapter for chapter in chapters if chapter is not None]
    editions = ManualEdition.objects.published().filter(manual__in={chapter.edition.manual_id for chapter in cited})
    current: dict[int, ManualEdition] = {}
    for edition in editions.select_related("manual") if cited else ():
        current.setdefault(edition.manual_id, edition)
    replaced = [
        chapter for chapter in cited if current.get(chapter.edition.manual_id, chapter.edition) != chapter.edition
    ]
    if not replaced:
        return {}
    numbers = {chapter.number for chapter in replaced}
    now = ManualChapter.objects.filter(edition__in=current.values(), number__in=numbers).defer("body")
    there = {(chapter.edition_id, chapter.number): chapter for chapter in now.select_related("edition__manual")}
    found = {}
    for chapter in replaced:
        edition = current[chapter.edition.manual_id]
        found[chapter.pk] = NewerEdition(edition, chapter.number, there.get((edition.pk, chapter.number)))
    return found


def current_chapters(keep: int | None = None) -> QuerySet[ManualChapter]:
    """Return the chapters of every manual's current edition, and the chapter ``keep`` whatever its edition."""
    newest = ManualEdition.objects.published().filter(manual=OuterRef("manual")).values("pk")[:1]
    current = ManualEdition.objects.filter(pk=Subquery(newest))
    return (
        ManualChapter.objects.filter(Q(edition__in=current) | Q(pk=keep))
        .select_related("edition__manual")
        .order_by("edition__manual__number", "sort_order", "pk")
    )


def with_newer_articles(chapters: Iterable[ManualChapter]) -> set[int]:
    """Return the keys of the chapters made of articles of which readers have a newer revision; one query at most."""
    chapters = list(chapters)
    keys = {entry["article"] for chapter in chapters for entry in chapter.compiled_from}
    live = FaultArticle.objects.filter(pk__in=keys, live=True) if keys else FaultArticle.objects.none()
    newest = dict(live.values_list("pk", "live_revision"))
    return {
        chapter.pk
        for chapter in chapters
        for entry in chapter.compiled_from
        if newest.get(entry["article"], entry["revision"]) != entry["revision"]
    }
