"""Find regulated equipment models that no statutory rule covers."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.equipment.statutory import regulated_without_rule
from portal.registry.statutory import Contradiction


def equipment_contradictions() -> Iterator[Contradiction]:
    """Yield the regulated models without a rule; nobody may work on them until there is one. Two queries."""
    for model in regulated_without_rule():
        yield Contradiction(
            what=_("Regulated, but no rule names a card: nobody may work on it"),
            noun=_("equipment model"),
            subject=f"{model.name} {model.code}",
            asked=(),
            ruled=(),
            url=reverse("equipmentmodel:edit", args=[model.pk]),
        )
