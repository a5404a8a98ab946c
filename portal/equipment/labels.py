"""QR labels of units: who may print them, and their content."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.sight import organisations_in_sight, units_in_sight
from portal.enums import Role, Task
from portal.equipment.domain import label_token
from portal.equipment.statutory import kinds_required_of
from portal.errors import DomainError
from portal.exchange import qr
from portal.models import EquipmentUnit

LABEL_ROLES = (Role.ADMINISTRATOR, Role.MANAGER)
MAX_LABELS = 240
#: Sheets by the size of their labels in millimetres; the value names the look in css/print/unit_labels.css.
SIZES = {"63x34": "labels", "50x30": "labels labels--small"}


class TooManyLabels(DomainError):
    """A sheet is printed in one go; hundreds of labels are filtered first."""

    code = "too_many_labels"
    status = 422
    message = _("%(count)d labels are too many for one file (at most %(limit)d). Narrow the list first.")


#: Characters of name and cards from which a label is set smaller.
LONG = 24


@dataclass(frozen=True)
class Label:
    """What one label says.

    Args:
        cards: names of the statutory cards its repair needs.
    """

    unit: EquipmentUnit
    address: str
    symbol: str
    cards: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether it says so much that it is set smaller: the hotline is never what falls off a label."""
        return len(self.unit.model.name) + sum(map(len, self.cards)) > LONG


def units_to_label(person: Any) -> QuerySet[EquipmentUnit]:
    """Return the machines whose labels ``person`` may print: administrators and managers, in their sight."""
    units = units_in_sight(person)
    if not getattr(person, "is_authenticated", False) or not person.has_role(*LABEL_ROLES):
        return units.none()
    seen = organisations_in_sight(person).values("pk")
    return units.filter(Q(customer__in=seen) | Q(customer__isnull=True))


def may_print_labels(person: Any) -> bool:
    """Whether ``person`` prints labels at all."""
    return bool(getattr(person, "is_authenticated", False)) and person.has_role(*LABEL_ROLES)


def label_address(unit: EquipmentUnit) -> str:
    """Return the address the QR symbol of ``unit`` carries."""
    return settings.PUBLIC_URL + reverse("unit", args=[label_token(unit).secret])


def labels(units: QuerySet[EquipmentUnit]) -> list[Label]:
    """Return the labels of ``units``.

    Raises:
        TooManyLabels: more than one file should hold.
    """
    count = units.count()
    if count > MAX_LABELS:
        raise TooManyLabels(count=count, limit=MAX_LABELS)
    listed = list(units)
    kinds = kinds_required_of({unit.model for unit in listed}, Task.REPAIR)
    made = []
    for unit in listed:
        address = label_address(unit)
        names = tuple(kind.name for kind in kinds[unit.model_id])
        made.append(Label(unit, address, qr.svg_data_uri(address), names))
    return made
