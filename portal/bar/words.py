"""Changes of the bar in words, for the page, the home page and the reason of the gate."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.access.changes import label_of, value_text
from portal.enums import Task
from portal.models import StatutoryRule
from portal.models.bar import PARENT, ROW

RULE = StatutoryRule._meta.label_lower


def field_words(label: str, field: str) -> str:
    """Return what was changed of a record of the kind ``label``, e.g. ``portal.equipmentmodel``."""
    if field == PARENT:
        return _("Stands below")
    if field == ROW:
        return _("The rule") if label == RULE else kind_words(label)
    model: type[Model] = apps.get_model(label)
    try:
        return label_of(model._meta.get_field(field))
    except FieldDoesNotExist:
        return field


def kind_words(label: str) -> str:
    """Return what kind of record was changed."""
    return str(apps.get_model(label)._meta.verbose_name)


def value_words(label: str, field: str, value: Any) -> str:
    """Return what stood in a field."""
    if field == ROW:
        return _rule_words(value) if label == RULE else _post_words(value)
    if isinstance(value, dict):
        return str(value["name"])
    return value_text(field, value) if isinstance(value, bool) else "—" if value is None else str(value)


def _post_words(held: dict[str, Any] | None) -> str:
    if held is None:
        return _("no post any more")
    days = f"{held['start']} – {held['end'] or ''}".strip()
    return " · ".join([held["position"]["name"], held["organisation"]["name"], days])


def _rule_words(rule: dict[str, Any] | None) -> str:
    if rule is None:
        return _("no rule")
    scope = rule["category"] or rule["model"] or {}
    tasks = "、".join(str(task.label) for task in Task if task in rule["tasks"]) or _("every task")
    parts = [rule["kind"]["name"], scope.get("name", ""), tasks, "" if rule["is_active"] else _("not in force")]
    return " · ".join(part for part in parts if part)
