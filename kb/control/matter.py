"""What a draft is about, asked of the gate: which work on which machines."""

from dataclasses import dataclass
from typing import Any

from kb.models import Bulletin, ContentTranslation, DiagnosisGuide, FaultArticle, ManualChapter, ManualEdition
from portal.enums import SubjectKind, Task
from portal.models import EquipmentCategory, EquipmentModel

#: Of a category that names no machine, so many are asked about; one of them suffices.
ASKED = 12


@dataclass(frozen=True)
class Work:
    """What the reviewer must be allowed to do.

    Args:
        machines: those named, or some of the category; none when there is nothing to be certified for.
        is_named: whether the draft names them, so that each of them is asked for.
    """

    tasks: tuple[Task, ...]
    machines: list[EquipmentModel]
    is_named: bool


def work_of(record: Any) -> Work:
    """Return the work a draft describes."""
    if isinstance(record, ContentTranslation):
        # Who judges a translation may do the work it tells others to do.
        source = record.source
        return work_of(source.edition if isinstance(source, ManualChapter) else source)
    if isinstance(record, FaultArticle):
        return _work(record.category, record.equipment.all(), (Task(record.task),))
    if isinstance(record, DiagnosisGuide):
        tasks = {step.task for step in record.steps.all() if step.task} or {Task.REPAIR}
        return _work(record.category, record.equipment.all(), tuple(task for task in Task if task in tasks))
    if isinstance(record, ManualEdition):
        return _work(record.manual.category, record.manual.equipment.all(), (Task.REPAIR,))
    if isinstance(record, Bulletin):
        return _work(record.category, record.equipment.all(), (Task.REPAIR,))
    return Work((), [], is_named=False)


def _work(category: EquipmentCategory | None, named: Any, tasks: tuple[Task, ...]) -> Work:
    """Return the work on the machines named, else on some of the category; a bulletin may have either or neither."""
    if category is not None and category.kind == SubjectKind.SPECIES:
        return Work((), [], is_named=False)
    machines = list(named)
    if machines:
        return Work(tasks, machines, is_named=True)
    if category is None:
        return Work((), [], is_named=False)
    below = EquipmentModel.objects.filter(category__path__startswith=category.path)
    return Work(tasks, list(below.select_related("category").order_by("code")[:ASKED]), is_named=False)
