"""Search source of diagnosis guides; unpublished ones yield no document."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kb.diagnosis.queries import published_guides
from kb.manuals.search import MACHINES, machine_names
from kb.models import ContentTranslation, DiagnosisGuide, DiagnosisStep
from kb.translations.queries import VERSIONS, searched
from portal.registry.search import SearchDocument, SearchSource, register
from portal.search.indexing.equipment import naming_equipment


def guides() -> QuerySet[DiagnosisGuide]:
    """Return the guides that may be found, with everything their documents read."""
    return published_guides().select_related("category").prefetch_related("steps", MACHINES, VERSIONS).order_by("pk")


def guide_documents(guide: DiagnosisGuide) -> Iterator[SearchDocument]:
    """Yield the document of a published guide. How hazardous steps are done is left out: it is not for everybody."""
    if not guide.live:
        return
    machines = list(guide.equipment.all())
    texts = [text for step in guide.steps.all() for text in (step.text, "" if step.task else step.detail)]
    yield SearchDocument(
        ref=guide.number,
        kind="guide",
        title=guide.title,
        url=guide.get_absolute_url(),
        equipment=tuple(machine.code for machine in machines),
        equipment_names=machine_names(machines, guide.category.name, *guide.category.aliases),
        categories=(guide.category.code,),
        audience=guide.audience,
        symptoms=(guide.symptom,),
        aliases=tuple(guide.alias_list),
        text="\n".join(dict.fromkeys(text for text in (*texts, *guide.tool_list, guide.number) if text)),
        translations=searched(guide, guide.translations.all()),
    )


def register_source() -> None:
    """Register the search source of diagnosis guides."""
    register(
        SearchSource(
            kind="guide",
            label=_("Diagnosis guide"),
            model=DiagnosisGuide,
            queryset=guides,
            documents=guide_documents,
            related={
                DiagnosisStep: _guide_of,
                ContentTranslation: lambda version: [version.guide] if version.guide else [],
                **naming_equipment(DiagnosisGuide),
            },
            words=("排查", "向导", "诊断"),
            lookup=lambda text: guides().filter(Q(number=text) | Q(title__icontains=text)).distinct(),
            icon="list",
        )
    )


def _guide_of(step: Any) -> Iterable[DiagnosisGuide]:
    return [step.guide]
