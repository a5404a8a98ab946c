"""Take back what an import wrote, newest first."""

import json
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from portal.access import audit
from portal.access.changes import since, snapshot
from portal.exchange.imports.errors import RestsOnIt
from portal.models import Person
from portal.registry.imports import ImportKind, Made


def made(record: Model, before: dict[str, Any] | None = None) -> Made:
    """Return the note of a record an import added, or changed from ``before`` (values by field name)."""
    fields = {name: [plain(value), plain(getattr(record, name))] for name, value in (before or {}).items()}
    return Made(record._meta.label_lower, record.pk, fields)


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; a record by its key."""
    return json.loads(json.dumps(value.pk if isinstance(value, Model) else value, cls=DjangoJSONEncoder))


def take_back(kind: ImportKind, notes: Sequence[dict[str, Any]], by: Person) -> None:
    """Take back the records of ``notes``, inside the caller's transaction.

    Raises:
        RestsOnIt: one of them cannot be.
    """
    for note in reversed(notes):
        model = apps.get_model(note["model"])
        record = model._base_manager.filter(pk=note["pk"]).first()
        if record is None:
            continue
        if note["fields"]:
            _restore(record, note["fields"], by)
        else:
            _remove(kind, record, by)


def _restore(record: Model, fields: dict[str, Sequence[Any]], by: Person) -> None:
    said = snapshot(record)
    for name, (before, after) in fields.items():
        if plain(getattr(record, name)) != after:
            raise RestsOnIt(record=str(record), reason=_("it was changed since"))
        field = record._meta.get_field(name)
        setattr(record, field.attname, field.to_python(before) if not field.is_relation else before)
    record.save(update_fields=list(fields))
    audit.record("portal.import_taken_back", record, actor=by, changes=since(said, record))


def _remove(kind: ImportKind, record: Model, by: Person) -> None:
    subject, name = f"{record._meta.label_lower}:{record.pk}", str(record)
    said = snapshot(record)
    try:
        undo = kind.undo.get(record._meta.label_lower)
        if undo is None:
            record.delete()
        else:
            undo(record, by)
    except (ProtectedError, RestrictedError) as error:
        objects = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", ())
        names = "、".join(str(each) for each in list(objects)[:3])
        raise RestsOnIt(
            record=name, reason=_("other records stand on it (%(records)s)") % {"records": names}
        ) from error
    audit.record("portal.import_taken_back", subject, actor=by, name=name, removed=bool(said))
