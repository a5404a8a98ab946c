"""Tasks and scope of schemes, for decisions and as text.

Works on schemes whose tasks and scopes are loaded (``Scheme.objects.with_reach()``); nothing here asks the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from certification.models import Scheme, SchemeScope
from portal.enums import Task
from portal.models import EquipmentCategory, EquipmentModel


def tasks_of(scheme: Scheme) -> list[Task]:
    """Return the tasks named, in the order of the work; none for a condition on every task."""
    named = {row.task for row in scheme.tasks.all()}
    return [task for task in Task if task in named]


@dataclass(frozen=True)
class Reach:
    """What a scheme bears on, in plain sets: asked of every machine and task, managers would be most of the cost.

    Args:
        tasks: those named; a condition that names none is one of every task.
        models: keys of the models named.
        paths: paths of the categories named.
        is_everywhere: a condition without scope, which bears on all equipment.
    """

    tasks: frozenset[str]
    models: frozenset[int]
    paths: frozenset[str]
    is_condition: bool
    is_everywhere: bool

    @classmethod
    def of(cls, scheme: Scheme) -> "Reach":
        """Read the reach of a scheme."""
        rows = list(scheme.scopes.all())
        return cls(
            tasks=frozenset(row.task for row in scheme.tasks.all()),
            models=frozenset(row.model_id for row in rows if row.category is None),
            paths=frozenset(row.category.path for row in rows if row.category is not None),
            is_condition=scheme.is_condition,
            is_everywhere=scheme.is_condition and not rows,
        )

    def includes(self, task: str) -> bool:
        """Whether the scheme opens the task or is a condition of it."""
        return task in self.tasks or (self.is_condition and not self.tasks)

    def depth(self, equipment: EquipmentModel) -> int | None:
        """Return how near the scope is: the depth of the machine's category, more for the model itself, or None."""
        if self.is_everywhere:
            return 0
        category = equipment.category
        if equipment.pk in self.models:
            return len(category.path) + 1
        return max((len(named) for named in self.paths if category.is_within(named)), default=None)


def reaches_equipment(scheme: Scheme, equipment: EquipmentModel) -> bool:
    """Whether the machine is in the scope; a scheme without scope opens no machine, but may be a condition of all."""
    return Reach.of(scheme).depth(equipment) is not None


def is_condition_of(condition: Scheme, opener: Scheme) -> bool:
    """Whether the condition bears on something the opener opens: a common task on common equipment."""
    named = tasks_of(condition)
    if named and not set(named) & set(tasks_of(opener)):
        return False
    rows = condition.scopes.all()
    return not rows or any(_overlap(mine, theirs) for mine in rows for theirs in opener.scopes.all())


def is_in_scope(scheme: Scheme, category: EquipmentCategory) -> bool:
    """Whether ``category`` or something below it is in the scope; everything is in a scope that names nothing."""
    rows = scheme.scopes.all()
    covered = [(row.category or row.model.category).path for row in rows]
    return not rows or any(path.startswith(category.path) for path in covered)


def touches_category(scheme: Scheme, category: EquipmentCategory) -> bool:
    """Whether something of ``category`` is in the scope: as :func:`is_in_scope`, or since the scope lies above it."""
    above = [row.category.path for row in scheme.scopes.all() if row.category]
    return is_in_scope(scheme, category) or any(category.path.startswith(path) for path in above)


def _overlap(one: SchemeScope, other: SchemeScope) -> bool:
    """Whether some machine is in both: the same model, or one place in the tree of categories above the other."""
    if one.model_id and other.model_id:
        return one.model_id == other.model_id
    # A model lies in categories above it, never the other way round.
    return (not one.model_id and _path(other).startswith(_path(one))) or (
        not other.model_id and _path(one).startswith(_path(other))
    )


def _path(row: SchemeScope) -> str:
    category = row.category or (row.model.category if row.model else None)
    return category.path if category else ""


def join(words: Iterable[object]) -> str:
    """Write a list as people read it."""
    return _(", ").join(str(word) for word in words)


def task_words(scheme: Scheme) -> str:
    """Write the tasks: 保养、维修; every task for a condition without any."""
    return join(task.label for task in tasks_of(scheme)) or _("Every task")


def scope_words(scheme: Scheme) -> str:
    """Write the categories and models named: 冷冻设备、传菜梯; all equipment for a condition without any."""
    named = join(row.category.name if row.category_id else row.model.name for row in scheme.scopes.all())
    if named:
        return named
    return _("All equipment") if scheme.is_condition else _("No equipment, a post")


def condition_note(scheme: Scheme) -> str:
    """Write on papers that a condition permits nothing by itself, since it names tasks and equipment as others do."""
    return _("A condition only: it opens no work by itself.") if scheme.is_condition else ""


def reach_words(scheme: Scheme) -> str:
    """Write what the scheme is for on one line: 冷冻设备（保养、维修）; a post scheme is called by its name."""
    if not scheme.scopes.all() and not scheme.is_condition:
        return scheme.name
    return pgettext("equipment (tasks)", "%(scope)s (%(tasks)s)") % {
        "scope": scope_words(scheme),
        "tasks": task_words(scheme),
    }
