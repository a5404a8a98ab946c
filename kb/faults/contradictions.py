"""Find fault articles that ask for statutory cards the rules for their equipment do not demand."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.faults.queries import published_faults
from kb.models import FaultArticle
from portal.enums import Task
from portal.equipment.queries import self_and_ancestor_paths
from portal.equipment.statutory import kinds_named, kinds_required_of, rules_in_force
from portal.models import EquipmentModel, StatutoryKind, StatutoryRule
from portal.registry.statutory import Contradiction


def guide_contradictions() -> Iterator[Contradiction]:
    """Yield the published guides that ask for more cards than the rules for repair, or for others. Five queries."""
    machines = Prefetch("equipment", EquipmentModel.objects.select_related("category"))
    asking = published_faults().filter(required_certificates__isnull=False).distinct().select_related("category")
    articles = list(asking.prefetch_related("required_certificates", machines).order_by("number"))
    by_model = kinds_required_of({model for article in articles for model in article.equipment.all()}, Task.REPAIR)
    rules = list(rules_in_force().filter(category__isnull=False))
    for article in articles:
        ruled = _ruled(article, by_model, rules)
        asked = {kind.pk: kind.name for kind in article.required_certificates.all()}
        if asked.keys() <= ruled.keys():
            continue
        is_other = bool(ruled.keys() - asked.keys())
        yield Contradiction(
            what=_("The guide asks for another card than the rules") if is_other else _MORE,
            noun=FaultArticle._meta.verbose_name,
            subject=str(article),
            asked=tuple(asked.values()),
            ruled=tuple(ruled.values()),
            url=reverse(f"{FaultArticle.snippet_viewset.get_url_name('edit')}", args=[article.pk]),
        )


_MORE = _("The guide asks for more cards than the rules")


def _ruled(
    article: FaultArticle, by_model: dict[int, list[StatutoryKind]], rules: list[StatutoryRule]
) -> dict[int, str]:
    """Return the cards demanded for the repair of the article's machines, or of its category when it names none."""
    machines = list(article.equipment.all())
    if machines:
        kinds = [kind for model in machines for kind in by_model[model.pk]]
    else:
        paths = self_and_ancestor_paths(article.category)
        kinds = kinds_named((rule for rule in rules if rule.category and rule.category.path in paths), Task.REPAIR)
    return {kind.pk: kind.name for kind in kinds}
