"""Guidances for who may see them."""

from typing import Any

from django.db.models import Q, QuerySet

from certification.models import Guidance
from certification.permissions import files_open_to


def guidances_in_sight(reader: Any) -> QuerySet[Guidance]:
    """Return one's own as learner or guide, and those of the people whose file one may open, the latest first."""
    people = files_open_to(reader).order_by().values("pk")
    found = Guidance.objects.filter(Q(learner=reader) | Q(guide=reader) | Q(learner__in=people))
    return found.select_related("learner", "guide", "scheme", "approved_by", "end__ended_by").order_by(
        "-starts_on", "-pk"
    )
