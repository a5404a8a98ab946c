"""Find schemes whose statutory requirements do not agree with the rules of the equipment in their scope."""

from collections.abc import Callable, Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.models import Requirement, Scheme, SchemeScope
from certification.requirements.statutory import KIND as STATUTORY
from certification.schemes.reach import join, tasks_of
from portal.enums import Task
from portal.equipment.statutory import kinds_named, rules_in_force
from portal.models import StatutoryRule
from portal.registry.statutory import Contradiction

# Names of cards by key of the kind.
Cards = dict[int, str]


def scheme_contradictions() -> Iterator[Contradiction]:
    """Yield the schemes in force whose cards differ from the rules for a task they open. A fixed number of queries.

    A scheme that names no card differs from no rule: the gate asks for what the rules name, whatever a scheme says.
    """
    schemes = {scheme.pk: scheme for scheme in Scheme.objects.in_force().with_reach()}
    wanted = Requirement.objects.filter(kind=STATUTORY.key, scheme__is_active=True)
    by_scheme: dict[Scheme, dict[int, str]] = {}
    for requirement in wanted.select_related("statutory_kind").order_by("scheme__code", "order"):
        if kind := requirement.statutory_kind:
            by_scheme.setdefault(schemes[requirement.scheme_id], {})[kind.pk] = kind.name
    rules = list(rules_in_force().select_related("model__category"))
    for scheme, asked in by_scheme.items():
        yield from _of_scheme(scheme, asked, rules)


def _of_scheme(scheme: Scheme, asked: Cards, rules: Iterable[StatutoryRule]) -> Iterator[Contradiction]:
    """Compare task by task: a scheme asks for its cards for each of its tasks, a rule for those it names."""
    tasks = tasks_of(scheme) or list(Task)
    met = [rule for rule in rules if _concerns(rule, scheme, _meets)]
    ruled = {task: _named(met, task) for task in tasks}
    beyond = [task for task in tasks if asked.keys() - ruled[task].keys()]
    whole = [rule for rule in met if _concerns(rule, scheme, _covers)]
    short = [task for task in tasks if _named(whole, task).keys() - asked.keys()]
    if not beyond and not short:
        return
    everywhere = {key: name for cards in ruled.values() for key, name in cards.items()}
    if not everywhere:
        what = _("The scheme asks for a card no rule names")
    elif asked.keys() - everywhere.keys():
        what = _("The scheme asks for another card than the rules")
    elif beyond:
        what = _("The scheme asks for a card where the rules ask for none: %(tasks)s") % {"tasks": _words(beyond)}
    else:
        what = _("The rules ask for a card the scheme does not name: %(tasks)s") % {"tasks": _words(short)}
    yield Contradiction(
        what=what,
        noun=Scheme._meta.verbose_name,
        subject=scheme.name,
        asked=tuple(asked.values()),
        ruled=tuple(everywhere.values()),
        url=reverse("scheme:edit", args=[scheme.pk]),
    )


def _words(tasks: Iterable[Task]) -> str:
    return join(task.label for task in tasks)


def _named(rules: Iterable[StatutoryRule], task: Task) -> Cards:
    return {kind.pk: kind.name for kind in kinds_named(rules, task)}


def _concerns(rule: StatutoryRule, scheme: Scheme, judge: Callable[[StatutoryRule, SchemeScope], bool]) -> bool:
    """Whether the rule is about some row of the scope; a scope without rows is all equipment."""
    rows = scheme.scopes.all()
    return not rows or any(judge(rule, row) for row in rows)


def _covers(rule: StatutoryRule, row: SchemeScope) -> bool:
    """Whether the rule holds for every machine of the row."""
    if rule.category is None:
        return rule.model_id == row.model_id
    category = row.category or (row.model.category if row.model else None)
    return category is not None and category.path.startswith(rule.category.path)


def _meets(rule: StatutoryRule, row: SchemeScope) -> bool:
    """Whether some machine is in both: the same model, or one place in the tree of categories above the other."""
    if rule.model_id and row.model_id:
        return rule.model_id == row.model_id
    ruled, covered = (rule.category or rule.model.category).path, (row.category or row.model.category).path
    above = rule.category is not None and covered.startswith(ruled)
    return above or (row.category is not None and ruled.startswith(covered))
