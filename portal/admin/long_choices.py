"""Choices of the Wagtail admin that may be many: all of a few; else those chosen, and others found by typing.

A select of a whole table makes a page of megabytes, slow to build and to use.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from wagtail.admin.forms.models import register_form_field_override

from portal.enums import Role
from portal.models import EquipmentCategory, EquipmentModel, Organisation, Person, Position
from portal.registry.sight import choosable

# A list of so many is shown whole; of a longer one so many are found at once.
LISTED = 100
FOUND = 30


@dataclass(frozen=True)
class Source:
    """Records of one kind that forms offer.

    Args:
        rows: what may be chosen, before it is narrowed to what the editor may name.
        search: lookups that what was typed is compared with.
        label: writes a record as the form does.
    """

    rows: Callable[[], QuerySet[Any]]
    search: Sequence[str]
    label: Callable[[Any], str] = str


sources: dict[str, Source] = {}


def register_source(name: str, source: Source) -> None:
    """Let forms offer the records of ``source`` by typing; ``name`` stands in the address."""
    sources[name] = source


class LongChoices:
    """A widget of a model's choices, which knows what others are asked for by typing."""

    choices: Any
    # A list of so many is shown whole.
    listed = LISTED

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Return all choices of a few; of many those chosen."""
        every = self.choices
        if not isinstance(every, ModelChoiceIterator):
            return super().optgroups(name, value, attrs)  # type: ignore[misc]
        listed = list(every.queryset[: self.listed + 1])
        self.is_long = len(listed) > self.listed
        if self.is_long:
            chosen = [key for key in value if str(key).isdecimal()]
            listed = list(every.queryset.filter(pk__in=chosen)) if chosen else []
        empty = [("", every.field.empty_label)] if every.field.empty_label is not None else []
        self.choices = [*empty, *map(every.choice, listed)]
        try:
            return super().optgroups(name, value, attrs)  # type: ignore[misc]
        finally:
            self.choices = every

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the address to ask."""
        context = super().get_context(name, value, attrs)  # type: ignore[misc]
        context["widget"]["records"] = self.records(name)
        return context

    def records(self, name: str) -> dict[str, str]:
        """Return the attributes by which the page's script finds others, for a list that is not shown whole."""
        if not getattr(self, "is_long", False):
            return {}
        return {
            "data-records": reverse("long_choices", args=[self.source]),
            "data-records-hint": gettext("Type to find more"),
            "data-records-name": name,
        }


class LongSelect(LongChoices, forms.Select):
    """One of many records."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Put the address on the select itself, whose template writes its attributes."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= context["widget"]["records"]
        return context


class LongCheckboxes(LongChoices, forms.CheckboxSelectMultiple):
    """Several of many records. Django's template writes no more than id and class on the list of boxes."""

    template_name = "portal/admin/long_checkboxes.html"


class Found:
    """Records too many to list in each row of a form: those chosen, and others found by typing.

    They are written as the source writes them.
    """

    source: str
    listed = 0

    def create_option(
        self, name: str, value: Any, label: Any, selected: bool, index: int, **kwargs: Any
    ) -> dict[str, Any]:
        """Write the record as it is written when it is found."""
        record = getattr(value, "instance", None)
        label = sources[self.source].label(record) if record is not None else label
        return super().create_option(name, value, label, selected, index, **kwargs)  # type: ignore[misc]


class FoundCheckboxes(Found, LongCheckboxes):
    """Several of them."""


class FoundSelect(Found, LongSelect):
    """One of them."""


def of_model(model: type[Model]) -> LongSelect | None:
    """Return the widget for a foreign key to ``model``; None where its records are few or have a chooser."""
    name = model._meta.label_lower
    return LongSelect(name) if name in sources else None


@require_safe
def long_choices(request: HttpRequest, source: str) -> JsonResponse:
    """Answer ``{"records": [[key, label], …]}`` for what was typed, of what the editor may name.

    Raises:
        Http404: there is no such source.
    """
    found = sources.get(source)
    if found is None:
        raise Http404
    text = request.GET.get("q", "").strip()[:60]
    rows = choosable(found.rows(), request.user)
    if text:
        rows = rows.filter(reduce(or_, (Q(**{f"{lookup}__icontains": text}) for lookup in found.search)))
    return JsonResponse({"records": [[record.pk, found.label(record)] for record in rows.distinct()[:FOUND]]})


def trainers() -> QuerySet[Person]:
    """Return who may be named as a trainer, with today's place of work, by name."""
    found = Person.objects.filter(is_active=True, groups__name=Role.TRAINER)
    return found.with_posts(timezone.localdate()).order_by("name")


def machine_label(model: EquipmentModel) -> str:
    """Write a machine with its code."""
    return f"{model.name} · {model.code}"


def trainer_label(person: Person) -> str:
    """Write a trainer with the place of work."""
    return f"{person} · {person.place_names}" if person.places else str(person)


def register() -> None:
    """Register the records of the ground floor, and their widget for foreign keys to them."""
    equipment = EquipmentModel.objects.select_related("category")
    for model, rows, search in (
        (Person, Person.objects.order_by("staff_number"), ("staff_number", "name")),
        (Organisation, Organisation.objects.order_by("path"), ("name", "code")),
        (Position, Position.objects.select_related("organisation"), ("title", "organisation__name")),
        (EquipmentModel, equipment, ("code", "name", "aliases__name")),
        (EquipmentCategory, EquipmentCategory.objects.order_by("path"), ("code", "name")),
    ):
        register_source(model._meta.label_lower, Source(rows.all, search))
        register_form_field_override(ForeignKey, to=model, override={"widget": LongSelect(model._meta.label_lower)})
    register_source("machines", Source(equipment.all, ("code", "name", "aliases__name"), machine_label))
    register_source("trainers", Source(trainers, ("staff_number", "name"), trainer_label))
