"""Search source of modules; drafts yield no document."""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import ModuleTopic, TrainingModule
from portal.models import EquipmentModel
from portal.registry.search import SearchDocument, SearchSource, register
from portal.search.indexing.equipment import naming_equipment

WORDS = ("培训", "课程", "学时", "training", "course")


def modules() -> QuerySet[TrainingModule]:
    """Return the modules that may be found, with everything their documents read."""
    machines = Prefetch("equipment", EquipmentModel.objects.order_by("code").prefetch_related("aliases"))
    found = TrainingModule.objects.filter(live=True).select_related("category")
    return found.prefetch_related("topics", machines).order_by("pk")


def module_documents(module: TrainingModule) -> Iterator[SearchDocument]:
    """Yield the document of a published module."""
    if not module.live:
        return
    machines = list(module.equipment.all())
    names = [name for machine in machines for name in (machine.name, *(alias.name for alias in machine.aliases.all()))]
    yield SearchDocument(
        ref=module.code,
        kind="module",
        title=module.title,
        url=module.get_absolute_url(),
        equipment=tuple(machine.code for machine in machines),
        equipment_names=tuple(dict.fromkeys([module.category.name, *names])),
        categories=(module.category.code,),
        audience=module.audience,
        text="\n".join([module.summary, *(topic.text for topic in module.topics.all()), module.for_whom, module.place]),
    )


def _module_of(topic: ModuleTopic) -> Iterable[TrainingModule]:
    return [topic.module]


def register_source() -> None:
    """Let modules be found."""
    register(
        SearchSource(
            kind="module",
            label=_("Training module"),
            model=TrainingModule,
            queryset=modules,
            documents=module_documents,
            related={ModuleTopic: _module_of} | naming_equipment(TrainingModule),
            words=WORDS,
            weight=0.8,
        )
    )
