"""Reads of training modules."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from courses.enums import SessionState
from courses.models import ModuleTopic, TrainingModule
from courses.sessions.hours import minutes_credited
from courses.sessions.permissions import visible_sessions
from courses.sessions.queries import SESSIONS_SHOWN, upcoming_of_module
from kb.manuals.queries import readable_chapter
from portal.equipment.statutory import demands_of_category, demands_on


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


def module_facts(module: TrainingModule, reader: Any) -> dict[str, Any]:
    """Return what the page of ``module`` shows to ``reader``; chapters only where the reader may open the manual."""
    topics = [(topic, readable_chapter(topic.chapter, reader)) for topic in module.topics.all()]
    is_known = reader.is_authenticated
    machines = list(module.equipment.all())
    return {
        "module": module,
        "topics": topics,
        "trainers": module.trainers.all(),
        "sessions": upcoming_of_module(module, reader)[:SESSIONS_SHOWN] if is_known else [],
        # What the rules demand of who works on the machines taught, whatever the task.
        "demands": demands_on(machines) if machines else demands_of_category(module.category),
        "credited": minutes_credited(reader, module) if is_known else 0,
    }
