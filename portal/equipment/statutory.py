"""Statutory cards that the rules demand for equipment and task; used by gate, guides, modules and unit pages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from portal.access.once import is_reading_once, once
from portal.enums import Task
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import EquipmentCategory, EquipmentModel, StatutoryKind, StatutoryRule


@dataclass(frozen=True)
class Demand:
    """One kind of card some work needs.

    Args:
        kind: the card.
        tasks: the tasks it is needed for; none means every task.
        models: the models it is needed for, of those asked about; none when it holds for all of them.
    """

    kind: StatutoryKind
    tasks: tuple[str, ...] = ()
    models: tuple[EquipmentModel, ...] = ()

    @property
    def task_labels(self) -> list[str]:
        """The tasks in words."""
        return [str(Task(task).label) for task in self.tasks]


def rules_in_force() -> QuerySet[StatutoryRule]:
    """Return the rules in force with what they name."""
    return StatutoryRule.objects.filter(is_active=True).select_related("kind", "category", "model")


def ordered_rules() -> QuerySet[StatutoryRule]:
    """Return all rules in force by the code of their kind."""
    return rules_in_force().order_by("kind__code", "pk")


def every_rule() -> list[StatutoryRule]:
    """Return all rules in force by the code of their kind, read once for a page."""
    return once("statutory rules", lambda: list(ordered_rules()))


def known_rules(rules: list[StatutoryRule]) -> list[StatutoryRule]:
    """Return all rules in force as they were read, and remember them for the page: ``ordered_rules`` without a query.

    What a page read before stays what it goes by.
    """
    return once("statutory rules", lambda: rules)


def rules_covering(models: Collection[EquipmentModel]) -> dict[int, list[StatutoryRule]]:
    """Return the rules of each model by its key: its own, its category's and those above, whatever the task.

    Two queries however many models (one when their categories are loaded).
    """
    paths = _paths_of(models)
    every = {path for found in paths.values() for path in found}
    named = Q(model__in=paths) | Q(category__path__in=every)
    # Read once for a page all of them are: which of them cover a model is asked in memory.
    wanted = ordered_rules().filter(Q() if is_reading_once() else named)
    rules = once("statutory rules", lambda: list(wanted))
    return _by_model(rules, paths)


def rules_among(rules: Iterable[StatutoryRule], models: Collection[EquipmentModel]) -> dict[int, list[StatutoryRule]]:
    """Return those of ``rules`` that cover each model, by its key: for rules that are not those on record."""
    return _by_model(list(rules), _paths_of(models))


def _by_model(rules: Sequence[StatutoryRule], paths: Mapping[int, Collection[str]]) -> dict[int, list[StatutoryRule]]:
    return {key: [rule for rule in rules if _covers(rule, key, found)] for key, found in paths.items()}


def kinds_named(rules: Iterable[StatutoryRule], task: str) -> list[StatutoryKind]:
    """Return the kinds of card ``rules`` demand for ``task``, each once."""
    return list({rule.kind_id: rule.kind for rule in rules if not rule.tasks or task in rule.tasks}.values())


def kinds_required(equipment: EquipmentModel, task: str) -> list[StatutoryKind]:
    """Return the kinds of card ``task`` on ``equipment`` needs, by code."""
    return kinds_named(rules_covering([equipment])[equipment.pk], task)


def kinds_required_of(models: Collection[EquipmentModel], task: str) -> dict[int, list[StatutoryKind]]:
    """Return the kinds of card ``task`` needs, by key of the model; as many queries as for one model."""
    return {key: kinds_named(rules, task) for key, rules in rules_covering(models).items()}


def demands_on(models: Sequence[EquipmentModel], task: str | None = None) -> list[Demand]:
    """Return what work on ``models`` needs, each kind once with the tasks and the models it is needed for.

    Args:
        task: only this task; None gathers every task.
    """
    by_model = rules_covering(models)
    needed: dict[int, list[tuple[EquipmentModel, StatutoryRule]]] = {}
    for model in models:
        for rule in by_model[model.pk]:
            if task is None or not rule.tasks or task in rule.tasks:
                needed.setdefault(rule.kind_id, []).append((model, rule))
    found = []
    for pairs in needed.values():
        concerned = {model.pk: model for model, _rule in pairs}
        is_for_all = len(concerned) == len({model.pk for model in models})
        found.append(
            Demand(
                pairs[0][1].kind,
                _tasks_of(rule for _model, rule in pairs),
                () if is_for_all else tuple(concerned.values()),
            )
        )
    return sorted(found, key=lambda demand: demand.kind.code)


def demands_of_category(category: EquipmentCategory, task: str | None = None) -> list[Demand]:
    """Return what work on anything of ``category`` needs by the rules of the category and those above it."""
    rules = rules_in_force().filter(category__path__in=self_and_ancestor_paths(category)).order_by("kind__code", "pk")
    by_kind: dict[int, list[StatutoryRule]] = {}
    for rule in rules:
        if task is None or not rule.tasks or task in rule.tasks:
            by_kind.setdefault(rule.kind_id, []).append(rule)
    return [Demand(found[0].kind, _tasks_of(found)) for found in by_kind.values()]


def regulated_without_rule() -> QuerySet[EquipmentModel]:
    """Return the regulated models no rule in force covers: the gate refuses everybody on them."""
    ruled_paths = list(
        StatutoryRule.objects.filter(is_active=True, category__isnull=False).values_list("category__path", flat=True)
    )
    covered = Q(pk__in=StatutoryRule.objects.filter(is_active=True, model__isnull=False).values("model"))
    for path in ruled_paths:
        covered |= Q(category__path__startswith=path)
    regulated = EquipmentModel.objects.filter(is_regulated=True).exclude(covered)
    return regulated.select_related("category").order_by("category__path", "code")


def _paths_of(models: Collection[EquipmentModel]) -> dict[int, list[str]]:
    loaded = {model.pk: model.category for model in models if EquipmentModel.category.is_cached(model)}
    missing = {model.category_id for model in models if model.pk not in loaded}
    fetched = EquipmentCategory.objects.in_bulk(missing) if missing else {}
    return {model.pk: self_and_ancestor_paths(loaded.get(model.pk) or fetched[model.category_id]) for model in models}


def _covers(rule: StatutoryRule, model_id: int, paths: Collection[str]) -> bool:
    return rule.model_id == model_id or (rule.category is not None and rule.category.path in paths)


def _tasks_of(rules: Iterable[StatutoryRule]) -> tuple[str, ...]:
    """Return the tasks of several rules together, in the order of the tasks; none when one of them holds for all."""
    listed = list(rules)
    if any(not rule.tasks for rule in listed):
        return ()
    return tuple(task.value for task in Task if any(task in rule.tasks for rule in listed))
