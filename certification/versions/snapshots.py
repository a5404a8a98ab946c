"""The content of a record with its rows as data: kept in drafts and versions, compared, and made a record again.

A snapshot is what modelcluster writes for a ClusterableModel: fields by name (foreign keys as primary keys), rows of
child relations as lists of the same, many-to-many relations as lists of primary keys.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations

from certification.versions.errors import NotComplete
from certification.versions.kinds import Versioned, model_of

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference between two snapshots.

    Args:
        field: name of the field, or of the row's relation with its place, e.g. ``requirements[2]``.
        label: what it is called on screen.
        old, new: raw values with names instead of foreign keys; None for a row or field that is not there.
        old_text, new_text: the same for people.
    """

    field: str
    label: str
    old: Any
    new: Any
    old_text: str
    new_text: str

    def as_data(self) -> dict[str, Any]:
        """Return what the audit log keeps."""
        return {"field": self.field, "old": self.old, "new": self.new}


def snapshot(record: Versioned) -> Snapshot:
    """Return the content of ``record`` as it is in memory."""
    return json.loads(json.dumps(record.serializable_data(), cls=DjangoJSONEncoder))


def restore(label: str, content: Snapshot) -> Versioned:
    """Return ``content`` as an unsaved record; saving it writes the row and all rows of its relations."""
    return model_of(label).from_serializable_data(content, check_fks=False)


def check_complete(record: Versioned) -> None:
    """See that ``record`` with its rows could be saved.

    Raises:
        NotComplete: a field, a row, or what they name is missing or contradicts another record.
    """
    problems: list[str] = []
    try:
        record.full_clean()
    except ValidationError as error:
        problems += error.messages
    for relation in get_all_child_relations(type(record)):
        for row in getattr(record, relation.get_accessor_name()).all():
            try:
                row.full_clean(exclude={relation.field.name}, validate_constraints=record.pk is not None)
            except ValidationError as error:
                problems += [f"{row._meta.verbose_name}: {message}" for message in error.messages]
    if problems:
        raise NotComplete(problems=" ".join(problems))


def compare(label: str, old: Snapshot | None, new: Snapshot) -> list[Change]:
    """Return what differs, fields before rows; everything that is set when there is no old one."""
    model = model_of(label)
    relations = {relation.get_accessor_name(): relation.related_model for relation in get_all_child_relations(model)}
    changes = list(_fields(model, old or {}, new, is_new=old is None))
    for name, row_model in relations.items():
        changes += _rows(name, row_model, (old or {}).get(name, []), new.get(name, []))
    return changes


def _fields(model: type[Model], old: Snapshot, new: Snapshot, *, is_new: bool) -> Iterator[Change]:
    for field in _shown_fields(model):
        before, after = old.get(field.name), new.get(field.name)
        if before == after or (is_new and after in (None, "", [])):
            continue
        yield Change(
            field.name,
            capfirst(str(field.verbose_name)),
            None if is_new else _plain(field, before),
            _plain(field, after),
            "" if is_new else _text(field, before),
            _text(field, after),
        )


def _rows(name: str, model: type[Model], old: list[Snapshot], new: list[Snapshot]) -> Iterator[Change]:
    """Compare the rows of one relation; a row is the same as long as it keeps its primary key."""
    before = {row["pk"]: row for row in old}
    kept = {row["pk"] for row in new if row["pk"] in before}
    title = capfirst(str(model._meta.verbose_name))
    for number, row in enumerate(new, start=1):
        earlier = before.get(row["pk"])
        if earlier is not None and _facts(model, earlier) == _facts(model, row):
            continue
        yield _row(f"{name}[{number}]", f"{title} {number}", model, earlier, row)
    for number, row in enumerate(old, start=1):
        if row["pk"] not in kept:
            yield _row(f"{name}[{number}]", f"{title} {number}", model, row, None)


def _row(field: str, label: str, model: type[Model], old: Snapshot | None, new: Snapshot | None) -> Change:
    return Change(field, label, _row_plain(model, old), _row_plain(model, new), _line(model, old), _line(model, new))


def _facts(model: type[Model], row: Snapshot) -> Snapshot:
    return {field.name: row.get(field.name) for field in _shown_fields(model)}


def _row_plain(model: type[Model], row: Snapshot | None) -> Snapshot | None:
    if row is None:
        return None
    values = {field.name: _plain(field, row.get(field.name)) for field in _shown_fields(model)}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _line(model: type[Model], row: Snapshot | None) -> str:
    """Write a row on one line, without what is empty."""
    if row is None:
        return ""
    parts = [
        f"{capfirst(str(field.verbose_name))}: {_text(field, row.get(field.name))}"
        for field in _shown_fields(model)
        if row.get(field.name) not in (None, "", False)
    ]
    return " · ".join(parts)


def _shown_fields(model: type[Model]) -> list[Any]:
    """Return the fields people fill in, many-to-many relations included; not keys and places."""
    many = get_all_child_m2m_relations(model)
    return [field for field in model._meta.fields if field.editable and not _is_parent(field)] + many


def _is_parent(field: Field) -> bool:
    return field.primary_key or isinstance(field, ParentalKey)


def _plain(field: Any, value: Any) -> Any:
    """Return the value as data that can be read without the database."""
    if field.many_to_many:
        return [_name(field, key) for key in value or []]
    if field.remote_field is not None and value is not None:
        return _name(field, value)
    return value


def _text(field: Any, value: Any) -> str:
    """Return the value as people read it."""
    plain = _plain(field, value)
    if isinstance(plain, bool):
        return _("yes") if plain else _("no")
    if isinstance(plain, list):
        named = dict(field.flatchoices) if getattr(field, "choices", None) else {}
        return _(", ").join(str(named.get(item, item)) for item in plain) or "—"
    if getattr(field, "choices", None):
        plain = dict(field.flatchoices).get(plain, plain)
    return "—" if plain in (None, "") else str(plain)


def _name(field: Any, key: Any) -> str:
    """Return what a foreign key names; its number when it is gone."""
    try:
        return str(field.remote_field.model._default_manager.get(pk=key))
    except ObjectDoesNotExist:
        return f"#{key}"
