"""Find schemes whose statutory requirements do not agree with the rules of the equipment in their scope."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.models import Requirement, Scheme, SchemeScope
from certification.requirements.statutory import KIND as STATUTORY
from certification.schemes.reach import tasks_of
from portal.equipment.statutory import rules_in_force
from portal.models import StatutoryRule
from portal.registry.statutory import Contradiction


def scheme_contradictions() -> Iterator[Contradiction]:
    """Yield the schemes in force that ask for a card no rule on their equipment names. A fixed number of queries.

    Where rules on that equipment name other cards, both are said: one of the two is wrong.
    """
    schemes = {scheme.pk: scheme for scheme in Scheme.objects.in_force().with_reach()}
    wanted = Requirement.objects.filter(kind=STATUTORY.key, scheme__is_active=True)
    by_scheme: dict[Scheme, list[Requirement]] = {}
    for requirement in wanted.select_related("statutory_kind").order_by("scheme__code", "order"):
        by_scheme.setdefault(schemes[requirement.scheme_id], []).append(requirement)
    rules = list(rules_in_force().select_related("model__category"))
    for scheme, requirements in by_scheme.items():
        ruled = {rule.kind_id: rule.kind.name for rule in rules if _concerns(rule, scheme)}
        asked = {row.statutory_kind_id: row.statutory_kind.name for row in requirements if row.statutory_kind}
        if asked.keys() <= ruled.keys():
            continue
        yield Contradiction(
            what=_("The scheme asks for another card than the rules") if ruled else _NO_RULE,
            noun=Scheme._meta.verbose_name,
            subject=scheme.name,
            asked=tuple(asked.values()),
            ruled=tuple(ruled.values()),
            url=reverse("scheme:edit", args=[scheme.pk]),
        )


_NO_RULE = _("The scheme asks for a card no rule names")


def _concerns(rule: StatutoryRule, scheme: Scheme) -> bool:
    """Whether the rule holds for a task and anything of the equipment the scheme reaches."""
    tasks = tasks_of(scheme)
    if tasks and rule.tasks and not set(tasks) & set(rule.tasks):
        return False
    rows = scheme.scopes.all()
    return not rows or any(_meets(rule, row) for row in rows)


def _meets(rule: StatutoryRule, row: SchemeScope) -> bool:
    """Whether some machine is in both: the same model, or one place in the tree of categories above the other."""
    if rule.model_id and row.model_id:
        return rule.model_id == row.model_id
    ruled, covered = (rule.category or rule.model.category).path, (row.category or row.model.category).path
    above = rule.category is not None and covered.startswith(ruled)
    return above or (row.category is not None and ruled.startswith(covered))
