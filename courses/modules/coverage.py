"""Coverage at topic level: machines and topics no module covers, modules without faults or maintenance."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from courses.models import ModuleTopic, TrainingModule
from kb.enums import TopicKind
from kb.models import Topic
from kb.topics.queries import offered_topics
from portal.exchange.exports import Table
from portal.models import EquipmentModel
from portal.registry.gaps import Gap

#: Kinds every module should have a topic of.
WANTED = (TopicKind.FAULT, TopicKind.MAINTENANCE)


@dataclass(frozen=True)
class MachineCover:
    """A machine with the modules that teach it and the topics none of them has."""

    machine: EquipmentModel
    modules: list[TrainingModule] = field(default_factory=list)
    missing: list[Topic] = field(default_factory=list)


@dataclass(frozen=True)
class ModuleGap:
    """A module with the kinds of topic it lacks."""

    module: TrainingModule
    missing: list[TopicKind]

    @property
    def labels(self) -> list[str]:
        """The missing kinds in words."""
        return [str(kind.label) for kind in self.missing]


def _modules() -> QuerySet[TrainingModule]:
    topics = ModuleTopic.objects.select_related("topic")
    live = TrainingModule.objects.filter(live=True).select_related("category").order_by("code")
    return live.prefetch_related(Prefetch("topics", queryset=topics), "equipment")


def machine_covers() -> list[MachineCover]:
    """Return every machine with its cover: those without a module first, then those that lack topics; five queries.

    A module that names no machine teaches its whole category.
    """
    of_machine: dict[int, list[TrainingModule]] = defaultdict(list)
    of_category: dict[int, list[TrainingModule]] = defaultdict(list)
    taught: dict[int, set[str]] = {}
    for module in _modules():
        taught[module.pk] = {row.topic_id for row in module.topics.all() if row.topic_id}
        machines = list(module.equipment.all())
        for machine in machines:
            of_machine[machine.pk].append(module)
        if not machines:
            of_category[module.category_id].append(module)
    topics = list(offered_topics())
    found = []
    for machine in EquipmentModel.objects.select_related("category").order_by("code"):
        modules = of_machine[machine.pk] + of_category[machine.category_id]
        codes = {code for module in modules for code in taught[module.pk]}
        found.append(MachineCover(machine, modules, [topic for topic in topics if topic.code not in codes]))
    return sorted(found, key=lambda cover: (bool(cover.modules), not cover.missing, cover.machine.code))


def topics_without_module() -> QuerySet[Topic]:
    """Return the topics on offer that no published module has."""
    taught = ModuleTopic.objects.filter(topic=OuterRef("code"), module__live=True)
    return offered_topics().filter(~Exists(taught))


def module_gaps() -> list[ModuleGap]:
    """Return the published modules without a topic about faults or without one about maintenance."""
    gaps = []
    for module in _modules():
        kinds = {row.topic.kind for row in module.topics.all() if row.topic is not None}
        missing = [kind for kind in WANTED if kind not in kinds]
        if missing:
            gaps.append(ModuleGap(module, missing))
    return gaps


def machine_table(covers: list[MachineCover]) -> Table:
    """Return machines with their modules and missing topics as a table."""
    columns = [_("Equipment code"), _("Machine"), _("Category"), _("Modules"), _("Topics no module covers")]
    return Table(_("Coverage of machines"), columns, [_machine_row(cover) for cover in covers])


def _machine_row(cover: MachineCover) -> list[Any]:
    machine = cover.machine
    return [machine.code, machine.name, machine.category.name, [m.title for m in cover.modules], cover.missing]


def module_table(gaps: list[ModuleGap]) -> Table:
    """Return modules with what they lack as a table."""
    columns = [_("Module code"), _("Training module"), _("Category"), _("Not covered")]
    rows = [[gap.module.code, gap.module.title, gap.module.category.name, gap.labels] for gap in gaps]
    return Table(_("Modules without faults or maintenance"), columns, rows)


def topic_table(topics: QuerySet[Topic]) -> Table:
    """Return the topics no module covers as a table."""
    columns = [_("Code"), _("Name"), _("English name"), _("Kind of topic")]
    rows = [[topic.code, topic.name, topic.name_en, topic.get_kind_display()] for topic in topics]
    return Table(_("Topics no module covers"), columns, rows)


def modules_without_faults() -> list[Gap]:
    """Return the published modules without a topic about faults, for the report of gaps."""
    return [
        Gap(str(gap.module), _("No topic about faults."), gap.module.get_absolute_url())
        for gap in module_gaps()
        if TopicKind.FAULT in gap.missing
    ]
