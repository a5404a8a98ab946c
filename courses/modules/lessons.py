"""Modules that teach a matter of the knowledge base."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingModule
from kb.models import FaultArticle
from portal.audiences import readable
from portal.equipment.queries import self_and_ancestor_paths
from portal.registry.learning import Lesson, Matter
from portal.templatetags.portal_format import hours

SHOWN = 3


def module_lessons(matter: Matter, reader: Any) -> Iterator[Lesson]:
    """Yield the published modules about the machines, those first that cite the article or its chapter."""
    article = matter.record if isinstance(matter.record, FaultArticle) else None
    cites = Q(topics__articles=article.pk) if article else Q(pk__in=())
    if article and article.chapter_id:
        cites |= Q(topics__chapters=article.chapter_id)
    about = Q(equipment__in=[model.pk for model in matter.models])
    whole = Q(equipment__isnull=True, category__path__in=self_and_ancestor_paths(matter.category))
    rank = Case(When(cites, then=Value(0)), default=Value(1), output_field=IntegerField())
    modules = readable(TrainingModule.objects.filter(live=True), reader).filter(cites | about | whole)
    seen: set[int] = set()
    for module in modules.annotate(rank=rank).order_by("rank", "code").distinct():
        if module.pk not in seen and len(seen) < SHOWN:
            seen.add(module.pk)
            yield Lesson(_("Module"), module.title, module.get_absolute_url(), "book", hours(module.minutes))
