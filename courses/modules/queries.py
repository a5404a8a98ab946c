"""Reads of training modules."""

from django.db.models import Prefetch, QuerySet

from courses.models import ModuleTopic, TrainingModule


def modules_for_reading() -> QuerySet[TrainingModule]:
    """Return the published modules with everything their page shows but sessions."""
    topics = ModuleTopic.objects.select_related("chapter__edition__manual").order_by("sort_order", "pk")
    return (
        TrainingModule.objects.filter(live=True)
        .select_related("category")
        .prefetch_related(Prefetch("topics", queryset=topics), "trainers__organisation", "equipment")
    )
