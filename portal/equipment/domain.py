"""Add categories, models with aliases, and units with their labels."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.access.editing import change_fields
from portal.enums import TokenPurpose
from portal.errors import DomainError
from portal.models import (
    AccessToken,
    EquipmentAlias,
    EquipmentCategory,
    EquipmentModel,
    EquipmentUnit,
    Organisation,
)


class SerialTaken(DomainError):
    """A serial number names one machine."""

    code = "serial_taken"
    message = _("A machine with the serial number “%(serial)s” is on file already.")


@transaction.atomic
def add_category(
    code: str, name: str, *, parent: EquipmentCategory | None = None, actor: Any = None, **facts: Any
) -> EquipmentCategory:
    """Add a node to the category tree."""
    fields = {"code": code, "name": name, **facts}
    if parent is None:
        category = EquipmentCategory.add_root(**fields)
    else:
        category = EquipmentCategory.objects.get(pk=parent.pk).add_child(**fields)
    audit.record("portal.category_added", category, actor=actor, changes=added(category))
    return category


@transaction.atomic
def add_model(
    code: str,
    name: str,
    category: EquipmentCategory,
    *,
    aliases: Iterable[str] = (),
    actor: Any = None,
    **facts: Any,
) -> EquipmentModel:
    """Add a machine type with its other names; the same word may mean several types (冰柜)."""
    model = EquipmentModel.objects.create(code=code, name=name, category=category, **facts)
    EquipmentAlias.objects.bulk_create(
        EquipmentAlias(model=model, name=alias) for alias in dict.fromkeys(aliases) if alias
    )
    audit.record("portal.model_added", model, actor=actor, changes=added(model))
    return model


@transaction.atomic
def add_unit(
    serial: str,
    model: EquipmentModel,
    *,
    customer: Organisation | None = None,
    actor: Any = None,
    **facts: Any,
) -> EquipmentUnit:
    """Put one machine on file and mint the secret of its label.

    Raises:
        SerialTaken: the number is on file.
    """
    if EquipmentUnit.objects.filter(serial=serial).exists():
        raise SerialTaken(serial=serial)
    unit = EquipmentUnit.objects.create(serial=serial, model=model, customer=customer, **facts)
    label_token(unit)
    audit.record("portal.unit_added", unit, actor=actor, changes=added(unit))
    return unit


def label_token(unit: EquipmentUnit) -> AccessToken:
    """Return the token the label of ``unit`` carries now."""
    return AccessToken.objects.current(TokenPurpose.UNIT, f"unit:{unit.pk}")


@transaction.atomic
def renew_label(unit: EquipmentUnit, *, actor: Any = None) -> AccessToken:
    """Make printed labels of ``unit`` worthless and mint a new secret, e.g. after a label was copied."""
    changed = []
    for token in AccessToken.objects.filter(
        purpose=TokenPurpose.UNIT, subject=f"unit:{unit.pk}", revoked_at__isnull=True
    ):
        before = snapshot(token)
        token.revoke()
        changed += since(before, token)
    fresh = AccessToken.objects.mint(TokenPurpose.UNIT, f"unit:{unit.pk}")
    audit.record("portal.label_renewed", unit, actor=actor, serial=unit.serial, changes=changed)
    return fresh


def change_model(model: EquipmentModel, *, actor: Any = None, **facts: Any) -> EquipmentModel:
    """Correct facts of a machine type, such as ``name`` or ``brand``."""
    return change_fields(model, "portal.equipmentmodel_changed", actor=actor, **facts)


@transaction.atomic
def add_aliases(model: EquipmentModel, names: Iterable[str], *, actor: Any = None) -> list[EquipmentAlias]:
    """Give a machine type further names people use for it."""
    before = snapshot(model)
    created = [EquipmentAlias.objects.create(model=model, name=name) for name in dict.fromkeys(names)]
    fresh = EquipmentModel.objects.get(pk=model.pk)
    audit.record("portal.equipmentmodel_changed", fresh, actor=actor, changes=since(before, fresh))
    return created


def change_unit(unit: EquipmentUnit, *, actor: Any = None, **facts: Any) -> EquipmentUnit:
    """Correct the file of one machine, such as its ``place`` or ``warranty_until``."""
    return change_fields(unit, "portal.equipmentunit_changed", actor=actor, **facts)
