"""Queries on training modules."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from courses.models import ModuleTopic, TrainingModule
from kb.manuals.queries import NewerEdition, newer_editions, readable_chapter
from kb.models import ManualChapter
from portal.equipment.statutory import Demand, demands_of_category, demands_on


def modules_for_reading() -> QuerySet[TrainingModule]:
    """Return the published modules with everything their page shows but sessions."""
    topics = ModuleTopic.objects.select_related("chapter__edition__manual").order_by("sort_order", "pk")
    return (
        TrainingModule.objects.filter(live=True)
        .select_related("category")
        .prefetch_related(Prefetch("topics", queryset=topics), "trainers__organisation", "equipment")
    )


def topics_with_reading(
    module: TrainingModule, reader: Any
) -> list[tuple[ModuleTopic, ManualChapter | None, NewerEdition | None]]:
    """Return the topics, each with the chapter it cites if the reader may open it, and where a newer edition has it."""
    topics = [(topic, readable_chapter(topic.chapter, reader)) for topic in module.topics.all()]
    newer = newer_editions(chapter for _topic, chapter in topics)
    return [(topic, chapter, newer.get(chapter.pk) if chapter else None) for topic, chapter in topics]


def module_demands(module: TrainingModule) -> list[Demand]:
    """Return the statutory cards the rules demand of who works on the machines taught, whatever the task.

    A module that names no machine teaches its whole category.
    """
    machines = list(module.equipment.all())
    return demands_on(machines) if machines else demands_of_category(module.category)
