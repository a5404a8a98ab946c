"""Queries on training modules."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from courses.models import Course, CourseModule, ModuleTopic, TrainingModule
from courses.modules.pictures import drawings_of
from kb.manuals.queries import NewerEdition, newer_editions, readable_chapter
from kb.models import FaultArticle, ManualChapter
from kb.pictures.queries import Picture
from portal.audiences import can_open
from portal.equipment.statutory import Demand, demands_of_category, demands_on
from portal.models import PortalDocument


def modules_for_reading() -> QuerySet[TrainingModule]:
    """Return the published modules with everything their page shows but sessions."""
    topics = ModuleTopic.objects.select_related("topic").order_by("sort_order", "pk")
    chapters = ManualChapter.objects.select_related("edition__manual").order_by("edition__manual__number", "sort_order")
    topics = topics.prefetch_related(Prefetch("chapters", queryset=chapters), "articles", "drawings")
    return (
        TrainingModule.objects.filter(live=True)
        .select_related("category", "owner")
        .prefetch_related(
            Prefetch("topics", queryset=topics), "trainers__organisation", "equipment", "materials", "prerequisites"
        )
    )


@dataclass(frozen=True)
class TopicReading:
    """A topic with what the reader may read and see about it.

    Args:
        chapters: each with where a newer edition has it.
    """

    topic: ModuleTopic
    chapters: list[tuple[ManualChapter, NewerEdition | None]]
    articles: list[FaultArticle]
    drawings: list[Picture]


def topics_with_reading(module: TrainingModule, reader: Any) -> list[TopicReading]:
    """Return the topics with the chapters and articles the reader may open, and their drawings."""
    topics = list(module.topics.all())
    readable = {
        chapter.pk: chapter
        for topic in topics
        for chapter in topic.chapters.all()
        if readable_chapter(chapter, reader) is not None
    }
    newer = newer_editions(readable.values())
    return [
        TopicReading(
            topic=topic,
            chapters=[(readable[row.pk], newer.get(row.pk)) for row in topic.chapters.all() if row.pk in readable],
            articles=[row for row in topic.articles.all() if row.live and can_open(reader, row.audience)],
            drawings=drawings_of(module, topic),
        )
        for topic in topics
    ]


def module_demands(module: TrainingModule) -> list[Demand]:
    """Return the statutory cards the rules demand of who works on the machines taught, whatever the task.

    A module that names no machine teaches its whole category.
    """
    machines = list(module.equipment.all())
    return demands_on(machines) if machines else demands_of_category(module.category)


def open_materials(module: TrainingModule, reader: Any) -> list[PortalDocument]:
    """Return the materials of a module the reader may open; ``materials`` should be prefetched."""
    return [one for one in module.materials.all() if not one.is_personal and can_open(reader, one.audience)]


def courses_for_reading() -> QuerySet[Course]:
    """Return the courses on offer with their modules in order."""
    parts = CourseModule.objects.select_related("module__category").order_by("sort_order", "pk")
    return Course.objects.filter(is_active=True).select_related("owner").prefetch_related(Prefetch("parts", parts))
