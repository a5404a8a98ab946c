"""Present audit events: names of acts, linked subjects, old and new values with the labels of their fields."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, finder_classes

from portal.access.changes import label_of, row_models, row_text, value_text
from portal.admin.audit_facts import name_of, value_of
from portal.models import AuditEvent, Person
from portal.registry.audit import pages, readers, verbs

# Acts that apply to any record: `portal.position_changed` without words of its own.
COMMON = {
    "_added": gettext_lazy("%(noun)s added"),
    "_changed": gettext_lazy("%(noun)s changed"),
    "_deleted": gettext_lazy("%(noun)s deleted"),
}
SHOWN_LENGTH = 300


@dataclass(frozen=True)
class ShownChange:
    """One changed field, as people read it; empty where there was or is nothing."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label}: {self.old or '—'} → {self.new or '—'}"


@dataclass(frozen=True)
class ShownEvent:
    """An audit event with what it names."""

    event: AuditEvent
    subject: str
    url: str | None
    may_read: bool
    people: Mapping[int, str] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        """Key of the event."""
        return self.event.pk

    @property
    def at(self) -> dt.datetime:
        """When, in the organisation's zone whatever the reader's own."""
        return timezone.localtime(self.event.at, timezone.get_default_timezone())

    @property
    def moment(self) -> str:
        """When, to the second."""
        return self.at.strftime("%Y-%m-%d %H:%M:%S")

    @property
    def actor(self) -> str:
        """Who acted."""
        return str(self.event.actor or _("system"))

    @property
    def verb(self) -> str:
        """What was done, in words."""
        return verb_words(self.event.action)

    @cached_property
    def changes(self) -> list[ShownChange]:
        """What was changed into what; nothing where the reader may not see the values."""
        named = self.event.detail.get("about") or self.event.subject
        kept = self.event.detail.get("changes", [])
        return [_shown(_model(change.get("of") or named), change) for change in kept] if self.may_read else []

    @property
    def hidden(self) -> int:
        """How many changes the reader may not see."""
        return 0 if self.may_read else len(self.event.detail.get("changes", []))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Further detail, by name."""
        detail = self.event.detail.items()
        told = [(name, value) for name, value in detail if name != "changes" and value not in (None, "", [], False)]
        return [(name_of(name), self._told(name, value)) for name, value in told]

    def _told(self, name: str, value: Any) -> str:
        """Return a fact in words: a person by name where the key was kept."""
        if name == "person" and isinstance(value, int):
            return self.people.get(value, str(value))
        return _fact(value_of(name, value))

    @property
    def changes_text(self) -> str:
        """The changes in one cell of a spreadsheet."""
        return "\n".join(str(change) for change in self.changes)

    @property
    def facts_text(self) -> str:
        """Further detail in one cell of a spreadsheet."""
        return "\n".join(f"{name}: {value}" for name, value in self.facts)


def verb_words(action: str) -> str:
    """Return what an act is called on screen, e.g. ``portal.position_changed`` → 岗位已修改."""
    if action in verbs:
        return str(verbs[action])
    for ending, words in COMMON.items():
        model = _model(action.removesuffix(ending)) if action.endswith(ending) else None
        if model is not None:
            return str(words % {"noun": capfirst(str(model._meta.verbose_name))})
    return action


def shown(events: Iterable[AuditEvent], reader: Any) -> list[ShownEvent]:
    """Return the events with subjects by name and links to what ``reader`` may edit; one query a kind of subject."""
    listed = list(events)
    names = dict(_subjects({event.subject for event in listed}, reader))
    keys = {event.detail.get("person") for event in listed}
    named = Person.objects.filter(pk__in=[key for key in keys if isinstance(key, int)]).order_by()
    people = {person.pk: str(person) for person in named} if any(isinstance(key, int) for key in keys) else {}
    return [ShownEvent(event, *names[event.subject], _may_read(event, reader), people) for event in listed]


def _subjects(subjects: set[str], reader: Any) -> Iterator[tuple[str, tuple[str, str | None]]]:
    keys: dict[type[Model], dict[int, str]] = defaultdict(dict)
    for subject in subjects:
        label, _colon, key = subject.partition(":")
        model = _model(label)
        yield subject, (f"{capfirst(str(model._meta.verbose_name))} {key}" if model else subject, None)
        if model is not None and key.isdigit():
            keys[model][int(key)] = subject
    for model, wanted in keys.items():
        finder = _finder(model, reader)
        related = [field.name for field in model._meta.fields if field.many_to_one]
        for record in model._base_manager.filter(pk__in=wanted).select_related(*related):
            name = f"{capfirst(str(model._meta.verbose_name))} {record}"
            yield wanted[record.pk], (name, _address(record, finder))


def _address(record: Model, finder: ModelAdminURLFinder | None) -> str | None:
    """Return where the record is edited by the reader, else where it is looked at."""
    if finder is not None and (url := finder.construct_edit_url(record)):
        return str(url)
    page = pages.get(record._meta.label_lower) or getattr(type(record), "get_absolute_url", None)
    return page(record) if page else None


def _finder(model: type[Model], reader: Any) -> ModelAdminURLFinder | None:
    """Return what finds the editing page of a model, if ``reader`` may edit it."""
    found = finder_classes.get_by_type(model)
    allowed = reader.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")
    return found(reader) if found and allowed and issubclass(found, ModelAdminURLFinder) else None


def _may_read(event: AuditEvent, reader: Any) -> bool:
    changed = [change.get("of", "") for change in event.detail.get("changes", [])]
    labels = {str(name).partition(":")[0] for name in (event.subject, event.detail.get("about", ""), *changed)}
    return all(readers[label](reader) for label in labels & readers.keys())


def _model(name: str) -> type[Model] | None:
    """Return the model of ``portal.person:7``, if there is one."""
    try:
        return apps.get_model(name.partition(":")[0])
    except (LookupError, ValueError):
        return None


def _shown(model: type[Model] | None, change: dict[str, Any]) -> ShownChange:
    name, _bracket, number = change["field"].partition("[")
    old, new = change.get("old"), change.get("new")
    rows = row_models(model) if model else {}
    if name in rows:
        label = f"{capfirst(str(rows[name]._meta.verbose_name))} {number.rstrip(']')}"
        return ShownChange(label, _brief(row_text(rows[name], old)), _brief(row_text(rows[name], new)))
    try:
        field: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        field = None
    label = label_of(field) if field is not None else str(capfirst(name_of(name)))
    texts = ["" if value is None else _brief(value_text(field, value)) for value in (old, new)]
    return ShownChange(label, *texts)


def _fact(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {value_text(None, each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(value_text(None, each) for each in value)
    return _brief(value_text(None, value))


def _brief(text: str) -> str:
    return Truncator(strip_tags(text)).chars(SHOWN_LENGTH)
