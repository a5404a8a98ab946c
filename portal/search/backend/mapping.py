"""Map `search_fields` to an index schema and model instances to engine documents.

All models that descend from one concrete model share an index, as they share primary keys. A column is named like the
model field, with the model's label in front when a descendant defines it:

    pk, models             identity, and the labels of the class and its indexed ancestors
    all_1_0, all_10_0 …    the text of every SearchField, one field for each boost
    s_title                the text of one SearchField, for `fields=["title"]`
    auto_all, a_title      words of AutocompleteFields
    f_title                value of a FilterField
    r_books__title         value of a FilterField in RelatedFields, each with the row it belongs to and with any row
    rows_books             the rows: conditions on the same join must hold for the same row, as in SQL
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Manager, Model, QuerySet
from django.utils.encoding import force_str
from modelsearch.backends.base import get_model_root
from modelsearch.index import (
    AutocompleteField,
    BaseField,
    FilterField,
    RelatedFields,
    SearchField,
    get_indexed_models,
)

from portal.search.analysis import CHAIN_VERSION, index_tokens
from portal.search.engine import EngineDocument, FieldKind, FieldSpec, Schema

from .partial import index_words
from .values import NULL, ValueKind, encode, kind_of

#: Raise it when columns change their meaning; the analyzer chain has a version of its own.
MAPPING_VERSION = "2"
PK = "pk"
MODELS = "models"
AUTO_ALL = "auto_all"
#: Between the row of a related record and its value.
ROW_END = "\x1f"
#: Between the texts of two fields, so that no phrase runs from one into the next: no white space, as in any token.
FIELD_END = "\ue000"
#: The row of a record without related ones: like the row of nulls an outer join gives.
NO_ROW = "-"
#: Stands for any row, before a value that one of them holds.
ANY_ROW = "*"
Path = tuple[RelatedFields, ...]
#: Fields of the database whose value may be a list.
_LISTS = frozenset({"ArrayField", "JSONField"})


def model_label(model: type[Model]) -> str:
    """Return the name a class is filtered by."""
    return model._meta.label


def boost_column(boost: float | None) -> str:
    """Return the column that holds the text of all SearchFields with this boost."""
    return f"all_{float(boost or 1.0)}".replace(".", "_").replace("-", "m")


def column_name(model: type[Model], search_field: BaseField | RelatedFields) -> str:
    """Return the part of a column's name that says which model field it holds."""
    definition = search_field.get_definition_model(model)
    name = search_field.field_name
    if isinstance(search_field, BaseField):
        name = search_field.get_attname(model)
    if definition in (get_model_root(model), None):
        return str(name)
    return f"{definition._meta.app_label}_{definition.__name__}__{name}".lower()


def value_kind(model: type[Model], search_field: BaseField) -> ValueKind:
    """Return how the values of a field are compared."""
    return kind_of(search_field.get_type(model))


def is_multiple(model: type[Model], search_field: BaseField) -> bool:
    """Return whether a FilterField may hold several values."""
    try:
        found = search_field.get_field(model)
    except FieldDoesNotExist:
        return True
    return bool(found.many_to_many or found.one_to_many) or found.get_internal_type() in _LISTS


def is_parent_link(relation: Any) -> bool:
    """Return whether a relation leads from a child model to its parent, with which it shares its row."""
    return bool(relation.one_to_one and getattr(relation.remote_field, "parent_link", False))


def related_column(model: type[Model], path: Path) -> str:
    """Return the name of a relation, nested ones joined."""
    names = []
    for related in path:
        names.append(column_name(model, related))
        model = related.get_field(model).related_model
    return "__".join(names)


def filter_column(model: type[Model], path: Path, search_field: BaseField) -> str:
    """Return the column of a FilterField, at the end of relations or of the model itself."""
    if not path:
        return f"f_{column_name(model, search_field)}"
    target = model
    for related in path:
        target = related.get_field(target).related_model
    return f"r_{related_column(model, path)}__{column_name(target, search_field)}"


def rows_column(model: type[Model], path: Path) -> str:
    """Return the column with the rows of a relation."""
    return f"rows_{related_column(model, path)}"


@cache
def models_of(root: type[Model]) -> tuple[Any, ...]:
    """Return the indexed models that share the index of `root`."""
    return tuple(model for model in get_indexed_models() if get_model_root(model) is root)


@cache
def schema_of(root: type[Model]) -> Schema:
    """Return the schema of the index of `root`."""
    fields: dict[str, FieldSpec] = {
        PK: FieldSpec(PK, FieldKind.KEYWORD, sortable=True),
        MODELS: FieldSpec(MODELS, FieldKind.KEYWORD),
        AUTO_ALL: FieldSpec(AUTO_ALL, FieldKind.TEXT),
    }
    for model in models_of(root):
        for spec in _specs(model, model.get_search_fields()):
            fields.setdefault(spec.name, spec)
    return Schema(tuple(fields.values()), f"{MAPPING_VERSION}.{CHAIN_VERSION}")


def _specs(model: type[Model], search_fields: Iterable[Any], path: Path = (), top: Any = None) -> Iterator[FieldSpec]:
    target = model
    for related in path:
        target = related.get_field(target).related_model
    for found in search_fields:
        if isinstance(found, SearchField):
            yield FieldSpec(boost_column(found.boost), FieldKind.TEXT, positions=True)
            if not path:
                yield FieldSpec(f"s_{column_name(model, found)}", FieldKind.TEXT, positions=True)
        elif isinstance(found, AutocompleteField):
            if not path:
                yield FieldSpec(f"a_{column_name(model, found)}", FieldKind.TEXT)
        elif isinstance(found, FilterField):
            single = not path and not is_multiple(target, found)
            yield FieldSpec(filter_column(model, path, found), FieldKind.KEYWORD, sortable=single)
        elif isinstance(found, RelatedFields):
            yield FieldSpec(rows_column(model, (*path, found)), FieldKind.KEYWORD)
            yield from _specs(model, found.fields, (*path, found))


@dataclass
class _Draft:
    """A document being collected."""

    text: dict[str, list[str]] = field(default_factory=dict)
    keywords: dict[str, list[str]] = field(default_factory=dict)

    def add_text(self, column: str, tokens: Sequence[str]) -> None:
        held = self.text.setdefault(column, [])
        if held and tokens:
            held.append(FIELD_END)
        held.extend(tokens)

    def add_value(self, column: str, value: str) -> None:
        self.keywords.setdefault(column, []).append(value)


def document_of(instance: Model) -> EngineDocument:
    """Return the document of a model instance."""
    model: Any = type(instance)
    draft = _Draft()
    for ancestor in model.__mro__:
        if ancestor in models_of(get_model_root(model)):
            draft.add_value(MODELS, model_label(ancestor))
    draft.add_value(PK, encode(instance.pk, pk_kind(model)))
    _fill(draft, model, instance, model.get_search_fields(), (), "")
    keywords = {column: list(dict.fromkeys(values)) for column, values in draft.keywords.items()}
    return EngineDocument(document_key(instance), draft.text, keywords)


def document_key(instance: Model) -> str:
    """Return the key of an instance in its index."""
    return force_str(instance.pk)


def pk_kind(model: type[Model]) -> ValueKind:
    """Return how the primary keys of a model are compared."""
    found: Any = model._meta.pk
    while found.remote_field is not None:
        found = found.target_field
    return kind_of(found.get_internal_type())


def _fill(
    draft: _Draft, model: type[Model], instance: Model | None, search_fields: Iterable[Any], path: Path, row: str
) -> None:
    target = type(instance) if instance is not None else model
    for found in search_fields:
        if isinstance(found, RelatedFields):
            _fill_related(draft, model, instance, found, path, row)
        elif isinstance(found, FilterField):
            values = [] if instance is None else filter_values(target, found, instance)
            column = filter_column(model, path, found)
            for value in values or ([NULL] if path else []):
                for beginning in (f"{row}{ROW_END}", f"{ANY_ROW}{ROW_END}") if path else ("",):
                    draft.add_value(column, beginning + value)
        elif instance is not None and isinstance(found, SearchField | AutocompleteField):
            _fill_text(draft, target, instance, found, top=not path)


def _fill_text(draft: _Draft, model: type[Model], instance: Model, found: BaseField, *, top: bool) -> None:
    text = as_text(found.get_value(instance))
    chain: Callable[[str], list[str]]
    if isinstance(found, SearchField):
        chain, columns = index_tokens, [boost_column(found.boost), *([f"s_{column_name(model, found)}"] if top else [])]
    else:
        chain, columns = index_words, [AUTO_ALL, *([f"a_{column_name(model, found)}"] if top else [])]
    tokens = chain(text)
    for column in columns:
        draft.add_text(column, tokens)


def _fill_related(
    draft: _Draft, model: type[Model], instance: Model | None, related: RelatedFields, path: Path, row: str
) -> None:
    inner = (*path, related)
    records: list[Model | None] = [] if instance is None else list(related_records(related, instance))
    prefix = f"{row}." if row else ""
    for place, record in enumerate(records or [None]):
        own = f"{prefix}{place if record is not None else NO_ROW}"
        draft.add_value(rows_column(model, inner), own)
        _fill(draft, model, record, related.fields, inner, own)


def related_records(related: RelatedFields, instance: Model) -> Iterable[Model]:
    """Return the records at the other end of a relation."""
    value = related.get_value(instance)
    if value is None:
        return []
    if isinstance(value, Manager | QuerySet):
        return value.all()
    if callable(value):
        value = value()
    return [value] if isinstance(value, Model) else value


def filter_values(model: type[Model], search_field: BaseField, instance: Model) -> list[str]:
    """Return the terms of a FilterField's value; empty for null."""
    value = search_field.get_value(instance)
    kind = value_kind(model, search_field)
    if isinstance(value, Manager | QuerySet):
        value = list(value.values_list("pk", flat=True))
    if not isinstance(value, list | tuple | set | frozenset):
        value = [value]
    found = (item.pk if isinstance(item, Model) else item for item in value)
    return [encode(item, kind) for item in found if item is not None]


def as_text(value: Any) -> str:
    """Return a value as text to be searched: lists and mappings by what they hold."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(as_text, value))
    if isinstance(value, dict):
        return ", ".join(map(as_text, value.values()))
    return force_str(value)
