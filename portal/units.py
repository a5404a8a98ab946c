"""Who may see single machines, and what a label carries."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import qr
from portal.domain.equipment import label_token
from portal.enums import Role, TokenPurpose
from portal.errors import DomainError
from portal.models import AccessToken, EquipmentUnit, Organisation
from portal.permissions import is_staff_member, organisations_in_sight

LABEL_ROLES = (Role.ADMINISTRATOR, Role.MANAGER)
MAX_LABELS = 240


class TooManyLabels(DomainError):
    """A sheet is printed in one go; hundreds of labels are filtered first."""

    code = "too_many_labels"
    status = 422
    message = _("%(count)d labels are too many for one file (at most %(limit)d). Narrow the list first.")


@dataclass(frozen=True)
class Label:
    """What one label says."""

    unit: EquipmentUnit
    address: str
    symbol: str


def units_in_sight(person: Any) -> QuerySet[EquipmentUnit]:
    """Return the machines ``person`` may look up: staff those of their network, a customer its own.

    Anybody else reaches a machine by its label only.
    """
    units = EquipmentUnit.objects.select_related("model__category", "customer")
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return units.none()
    if person.is_superuser:
        return units
    home = person.organisation
    if home is None:
        return units.none()
    if not is_staff_member(person):
        return units.filter(customer=home)
    network = home.path[: Organisation.steplen]
    return units.filter(Q(customer__path__startswith=network) | Q(customer__isnull=True))


def may_see_customer(person: Any, unit: EquipmentUnit) -> bool:
    """Whether ``person`` may read where the machine stands and whose it is."""
    return units_in_sight(person).filter(pk=unit.pk).exists()


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


def unit_of(secret: str) -> EquipmentUnit | None:
    """Return the machine a label's secret belongs to; None for a wrong or revoked one."""
    token = AccessToken.objects.find(TokenPurpose.UNIT, secret)
    if token is None:
        return None
    number = token.subject.removeprefix("unit:")
    return EquipmentUnit.objects.select_related("model__category", "customer").filter(pk=number).first()


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
    return [Label(unit, address, qr.svg_data_uri(address)) for unit in units for address in [label_address(unit)]]
