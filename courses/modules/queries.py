"""Reads of training modules."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from courses.enums import SessionState
from courses.models import ModuleTopic, TrainingModule
from courses.sessions.hours import minutes_credited
from courses.sessions.permissions import visible_sessions
from courses.sessions.queries import SESSIONS_SHOWN, upcoming_of_module
from kb.manuals.queries import NewerEdition, newer_editions, readable_chapter
from kb.models import ManualChapter


def modules_for_catalogue(modules: QuerySet[TrainingModule], reader: Any) -> QuerySet[TrainingModule]:
    """Return ``modules`` by category, with ``next_session_id`` and ``next_starts_at`` of what the reader may see."""
    coming = visible_sessions(reader).filter(state=SessionState.SCHEDULED, starts_at__gt=timezone.now())
    coming = coming.filter(parts__module=OuterRef("pk")).order_by("starts_at", "pk")
    return (
        modules.select_related("category")
        .annotate(
            next_session_id=Subquery(coming.values("pk")[:1]),
            next_starts_at=Subquery(coming.values("starts_at")[:1]),
        )
        .order_by("category__path", "code")
    )


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


def module_facts(module: TrainingModule, reader: Any) -> dict[str, Any]:
    """Return what the page of ``module`` shows to ``reader``; chapters only where the reader may open the manual."""
    is_known = reader.is_authenticated
    return {
        "module": module,
        "topics": topics_with_reading(module, reader),
        "trainers": module.trainers.all(),
        "sessions": upcoming_of_module(module, reader)[:SESSIONS_SHOWN] if is_known else [],
        "credited": minutes_credited(reader, module) if is_known else 0,
    }
