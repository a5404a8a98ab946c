"""Stale forms: recognise that a record was changed after its form was opened, and show both states side by side.

A form carries the version of what its reader saw, a hash of the stored content. A post with another version than the
stored one, or with none, is refused with 409: the reader sees, field by field, what was typed and what somebody else
has stored since, keeps what was typed, and may save again knowing both.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.forms import TagField

from portal.access.changes import BOOKKEEPING, SECRET

FIELD = "seen_version"
STALE = gettext_lazy(
    "Somebody else has changed this record since you opened it. Nothing was saved; what you typed is still here."
)


@dataclass(frozen=True)
class Difference:
    """One field that says something else than what is stored.

    Args:
        label: what the field is called on screen.
        mine, theirs: what was typed, and what is stored, as people read it.
    """

    label: str
    mine: str
    theirs: str


def version_of(content: Mapping[str, Any] | None) -> str:
    """Return the version of a record's content: a hash of what people fill in."""
    told = {name: value for name, value in (content or {}).items() if name not in BOOKKEEPING | SECRET}
    plain = json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def differences(mine: forms.BaseForm, theirs: forms.BaseForm) -> list[Difference]:
    """Return where a posted form says something else than a form opened on what is stored, rows included."""
    found = [
        Difference(
            _label(mine, name), _text(field, mine[name].value()), _text(theirs.fields[name], _stored(theirs, name))
        )
        for name, field in mine.fields.items()
        if name in theirs.fields and name != FIELD and not field.disabled and _differs(field, mine, theirs, name)
    ]
    kept_rows: dict[str, Any] = getattr(theirs, "formsets", {})
    for name, formset in getattr(mine, "formsets", {}).items():
        typed, kept = _rows(formset), _rows(kept_rows[name])
        if typed != kept:
            label = str(capfirst(str(formset.model._meta.verbose_name_plural)))
            found.append(Difference(label, "\n".join(typed) or "—", "\n".join(kept) or "—"))
    return found


class SeenVersionForm(forms.Form):
    """A form of the portal that carries the version of the record it was opened on."""

    seen_version = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def versioned_content(self) -> dict[str, Any]:
        """Return what the form shows of the record it was opened on; keys instead of records."""
        return {name: _stored(self, name) for name in self.fields if name != FIELD}

    def stamp(self) -> None:
        """Give the form the version of what it shows; call this when its fields have their initial values."""
        self.initial[FIELD] = version_of(self.versioned_content())

    def overtaken_by(self, theirs: "SeenVersionForm") -> list[Difference]:
        """Return what differs from a form opened on what is stored now; nothing when this form has seen that.

        A form that does not say what it has seen has seen nothing.
        """
        return differences(self, theirs) if self[FIELD].data != theirs.initial[FIELD] else []

    def refuse_stale(self, theirs: "SeenVersionForm") -> None:
        """Make this form one that has seen what is stored now, and say that nothing was saved."""
        posted: Any = self.data
        self.data = posted.copy()
        self.data[self.add_prefix(FIELD)] = theirs.initial[FIELD]  # type: ignore[index]
        self.add_error(None, STALE)


def _differs(field: forms.Field, mine: forms.BaseForm, theirs: forms.BaseForm, name: str) -> bool:
    if isinstance(field.widget, forms.PasswordInput):
        return False
    return field.has_changed(_stored(theirs, name), mine[name].data)


def _stored(form: forms.BaseForm, name: str) -> Any:
    value = form.get_initial_for_field(form.fields[name], name)
    if isinstance(form.fields[name], TagField):
        return value  # compared by the names of the tags
    return [_key(item) for item in value] if hasattr(value, "__iter__") and not isinstance(value, str) else _key(value)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _label(form: forms.BaseForm, name: str) -> str:
    return str(capfirst(str(form[name].label)))


def _text(field: forms.Field, value: Any) -> str:
    """Return a value as the form's reader knows it: the words of choices, days and moments as they are typed."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value and value != "False" else _("no")
    if isinstance(field, forms.ModelMultipleChoiceField) or isinstance(value, list | tuple):
        items = value or []
        return _(", ").join(_one(field, item) for item in items) or "—"
    return _one(field, value) or "—"


def _one(field: forms.Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        try:
            return str(field.label_from_instance(field.to_python(getattr(value, "pk", value))))
        except (forms.ValidationError, TypeError, AttributeError):
            return _("not in your sight")
    words = {str(key): str(word) for key, word in _choices(field)}
    shown = field.prepare_value(value)
    formatted = field.widget.format_value(shown) if not words else shown
    return words.get(str(shown), str(formatted if formatted is not None else shown))


def _choices(field: forms.Field) -> Iterator[tuple[Any, Any]]:
    for key, word in getattr(field, "choices", ()):
        if isinstance(word, list | tuple):
            yield from word
        else:
            yield key, word


def _rows(formset: Any) -> list[str]:
    """Return the rows of a part of a form, each on one line, without those taken away."""
    lines = []
    deleted = formset.deleted_forms if formset.is_bound and formset.is_valid() else []
    for form in formset.forms:
        if form in deleted or (formset.is_bound and form.empty_permitted and not form.has_changed()):
            continue
        if not formset.is_bound and form.instance.pk is None and not form.initial:
            continue
        parts = [
            f"{_label(form, name)}: {_text(field, form[name].value())}"
            for name, field in form.fields.items()
            if name not in ("id", "DELETE", "ORDER") and form[name].value() not in (None, "", [], False)
        ]
        inner = [row for part in (getattr(form, "formsets", None) or {}).values() for row in _rows(part)]
        lines.append(" · ".join([*parts, *(f"[{row}]" for row in inner)]))
    return lines
