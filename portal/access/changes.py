"""Snapshots of records and their child rows, compared field by field for the audit log and for versions.

A snapshot holds fields by name (foreign keys as primary keys), many-to-many relations as lists of primary keys and rows
as lists of snapshots. Rows are the child relations of a ClusterableModel, and the reverse relations a model names in
``audited_rows``. The moment of the last save (``auto_now``) is no part of a snapshot: it says nothing of the content,
and would differ at every reading.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import (
    ClusterableModel,
    get_all_child_relations,
    get_serializable_data_for_fields,
)
from treebeard.mp_tree import MP_Node
from wagtail.models import RevisionMixin

from portal.registry.audit import rows

Snapshot = dict[str, Any]

# Credentials: never recorded, whatever the model.
SECRET = frozenset({"password", "secret", "nonce", "digest", "token", "key_hash"})
# Maintained by the software itself; the place in a tree follows from its parent, a key from what it is the key of.
BOOKKEEPING = frozenset(
    {"path", "depth", "numchild", "last_login", "first_published_at", "sort_order"}
    | {"staff_number_key", "code_key", "serial_key", "name_key", "name_pinyin", "name_initials"}
)
EMPTY: tuple[Any, ...] = (None, "", [])
# A moment as JSON holds it.
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$")


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


def snapshot(record: Model) -> Snapshot:
    """Return the content of ``record`` as it is in memory, with its rows."""
    return _as_json(_content(record))


def _as_json(content: Any) -> Any:
    """Return content as JSON holds it: a revision in memory still has days and moments of Python."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def stored(record: Model | None) -> Snapshot | None:
    """Return what the database holds of ``record``: its newest draft where it has drafts; None for a new record."""
    if record is None or record.pk is None:
        return None
    found = type(record)._base_manager.filter(pk=record.pk).first()
    if found is None:
        return None
    draft = found.latest_revision if isinstance(found, RevisionMixin) else None
    return snapshot(found) if draft is None else draft.content


def added(record: Model) -> list[dict[str, Any]]:
    """Return what a new record says, for the audit log."""
    return between(type(record), None, snapshot(record))


def since(before: Snapshot | None, record: Model) -> list[dict[str, Any]]:
    """Return what ``record`` says now, in memory, and did not say ``before``, for the audit log."""
    return between(type(record), before, snapshot(record))


def stored_since(before: Snapshot | None, record: Model) -> list[dict[str, Any]]:
    """Return what the database says now of ``record`` and did not say ``before``, for the audit log."""
    return between(type(record), before, stored(record))


def between(model: type[Model], old: Snapshot | None, new: Snapshot | None) -> list[dict[str, Any]]:
    """Return what differs between two snapshots, for the audit log; each names the model whose field it is."""
    of = model._meta.label_lower
    return [change.as_data() | {"of": of} for change in compare(model, _as_json(old), _as_json(new))]


def compare(model: type[Model], old: Snapshot | None, new: Snapshot | None) -> list[Change]:
    """Return what differs, fields before rows; everything that is set where one of the two is missing."""
    changes = list(_fields(model, old, new))
    for name, row_model in row_models(model).items():
        changes += _rows(name, row_model, (old or {}).get(name, []), (new or {}).get(name, []))
    return changes


def row_models(model: type[Model]) -> dict[str, type[Model]]:
    """Return the relations of ``model`` whose rows are part of it, by name."""
    relations = get_all_child_relations(model) if issubclass(model, ClusterableModel) else []
    rows = {relation.get_accessor_name(): relation.related_model for relation in relations}
    named = {name: model._meta.get_field(name).related_model for name in _named_rows(model)}
    return rows | named


def shown_fields(model: type[Model]) -> list[Any]:
    """Return the fields people fill in, many-to-many relations included; not keys, secrets and places."""
    plain = [field for field in model._meta.fields if field.editable and not _is_parent(field)]
    return [field for field in (*plain, *model._meta.many_to_many) if field.name not in SECRET | BOOKKEEPING]


def value_text(field: Any, plain: Any) -> str:
    """Return a value of the audit log as people read it."""
    if isinstance(plain, bool):
        return _("yes") if plain else _("no")
    named = dict(field.flatchoices) if getattr(field, "choices", None) else {}
    if isinstance(plain, list):
        return _(", ").join(str(named.get(item, item)) for item in plain) or "—"
    plain = named.get(plain, plain) if named and not isinstance(plain, dict) else plain
    if isinstance(plain, dt.datetime) or (isinstance(plain, str) and MOMENT.match(plain)):
        return _moment_text(plain)
    return "—" if plain in (None, "") else str(plain)


def _moment_text(plain: dt.datetime | str) -> str:
    """Write a moment in the organisation's zone, whatever the reader's own: 2026-11-27 15:28:04."""
    moment = plain if isinstance(plain, dt.datetime) else parse_datetime(plain)
    if moment is None:
        return str(plain)
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment, timezone.get_default_timezone())
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def row_text(model: type[Model], row: Snapshot | None) -> str:
    """Write a row of the audit log on one line, without what is empty."""
    if row is None:
        return ""
    fields = [field for field in shown_fields(model) if row.get(field.name) not in (*EMPTY, False)]
    parts = [f"{label_of(field)}: {value_text(field, row[field.name])}" for field in fields]
    for name, row_model in row_models(model).items():
        parts += [f"[{row_text(row_model, inner)}]" for inner in row.get(name, [])]
    return " · ".join(parts)


def label_of(field: Any) -> str:
    """Return what a field is called on screen."""
    # Rows of another model are called by its name.
    name = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural
    return str(capfirst(str(name)))


def _content(record: Model) -> Snapshot:
    stamps = {name: getattr(record, name) for name in _stamps(type(record))}
    content = _without_stamps(type(record), _said(record))
    for name, moment in stamps.items():
        setattr(record, name, moment)
    return content


def _stamps(model: type[Model]) -> list[str]:
    """Return the fields that say when a record was last saved: serialising writes the moment of reading into them."""
    return [field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]


def _without_stamps(model: type[Model], content: Snapshot) -> Snapshot:
    kept = {name: value for name, value in content.items() if name not in _stamps(model)}
    for name, row_model in row_models(model).items():
        if name in kept:
            kept[name] = [_without_stamps(row_model, row) for row in kept[name]]
    return kept


def _said(record: Model) -> Snapshot:
    if isinstance(record, ClusterableModel):
        content = record.serializable_data()
    else:
        content = get_serializable_data_for_fields(record)
    if record.pk is not None:
        for field in record._meta.many_to_many:
            if field.name not in content:
                content[field.name] = sorted(getattr(record, field.name).values_list("pk", flat=True))
        for name in _named_rows(type(record)):
            content[name] = [_content(row) for row in getattr(record, name).order_by("pk")]
    if isinstance(record, MP_Node) and record.path:
        parent = record.get_parent(update=True)
        content["parent"] = str(parent) if parent else None
    return content


def _fields(model: type[Model], old: Snapshot | None, new: Snapshot | None) -> Iterator[Change]:
    for field in shown_fields(model):
        before, after = (old or {}).get(field.name), (new or {}).get(field.name)
        if before == after or (old is None and after in EMPTY) or (new is None and before in EMPTY):
            continue
        was = None if old is None else _plain(field, before)
        now = None if new is None else _plain(field, after)
        old_text = "" if old is None else value_text(field, was)
        new_text = "" if new is None else value_text(field, now)
        yield Change(field.name, label_of(field), was, now, old_text, new_text)
    before, after = (old or {}).get("parent"), (new or {}).get("parent")
    if issubclass(model, MP_Node) and before != after:
        yield Change("parent", _("Stands below"), before, after, before or "—", after or "—")


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
    before, after = _row_plain(model, old), _row_plain(model, new)
    return Change(field, label, before, after, row_text(model, before), row_text(model, after))


def _facts(model: type[Model], row: Snapshot) -> Snapshot:
    facts = {field.name: row.get(field.name) for field in shown_fields(model)}
    rows = row_models(model).items()
    return facts | {name: [_facts(inner, each) for each in row.get(name, [])] for name, inner in rows}


def _row_plain(model: type[Model], row: Snapshot | None) -> Snapshot | None:
    if row is None:
        return None
    values = {field.name: _plain(field, row.get(field.name)) for field in shown_fields(model)}
    for name, inner in row_models(model).items():
        values[name] = [_row_plain(inner, each) for each in row.get(name, [])]
    return {name: value for name, value in values.items() if value not in EMPTY}


def _named_rows(model: type[Model]) -> tuple[str, ...]:
    return getattr(model, "audited_rows", ()) or rows.get(model._meta.label_lower, ())


def _is_parent(field: Any) -> bool:
    if field.primary_key or isinstance(field, ParentalKey):
        return True
    return bool(field.many_to_one) and field.remote_field.related_name in _named_rows(field.related_model)


def _plain(field: Any, value: Any) -> Any:
    """Return the value as data that can be read without the database."""
    if field.many_to_many:
        return [_name(field, key) for key in value or []]
    if field.remote_field is not None and value is not None:
        return _name(field, value)
    return value


def _name(field: Any, key: Any) -> str:
    """Return what a foreign key names; its key when it is gone."""
    # A foreign key may name records by another field than their number.
    by = "pk" if field.many_to_many else field.target_field.attname
    try:
        return str(field.remote_field.model._base_manager.get(**{by: key}))
    except ObjectDoesNotExist:
        return f"#{key}"
