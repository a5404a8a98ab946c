"""What every engine keeps beside the fields of a schema, and what it checks before it writes or answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from . import expressions as ex
from .base import EngineDocument, EngineError, EngineQuery, FieldKind, FieldSpec, Schema

KEY = "key__"
GROUP = "group__"
STORE = "stored__"
#: Raise it when what is written on disk or into a mapping changes, or a class path in Whoosh's pickled schema.
FORMAT = 3


def fingerprint(engine: str, schema: Schema) -> dict[str, Any]:
    """Return what tells an index of another engine, format or version, or for other fields; JSON values only."""
    return {
        "engine": engine,
        "format": FORMAT,
        "version": schema.version,
        "fields": [[spec.name, spec.kind, spec.positions, spec.sortable] for spec in schema.fields],
    }


def values_of(schema: Schema, document: EngineDocument) -> Iterator[tuple[FieldSpec, Sequence[str]]]:
    """Yield the fields of a document that hold something, with tokens or distinct values.

    Raises:
        EngineError: there is no such field, or it is given values of the wrong kind, a token is empty or has white
            space in it (engines keep tokens apart by spaces), or there are several values to order by.
    """
    for kind, given in ((FieldKind.TEXT, document.text), (FieldKind.KEYWORD, document.keywords)):
        for name, values in given.items():
            spec = _spec(schema, name)
            if spec.kind is not kind:
                raise EngineError(f"field {name} is not {kind}")
            if kind is FieldKind.KEYWORD:
                values = list(dict.fromkeys(values))
            elif " ".join(values).split() != list(values):
                raise EngineError(f"field {name} of {document.key}: a token is empty or has white space in it")
            if spec.sortable and len(values) > 1:
                raise EngineError(f"field {name} of {document.key} is ordered by and holds more than one value")
            if values:
                yield spec, values


def check_query(schema: Schema, query: EngineQuery) -> None:
    """Refuse a question about fields that cannot answer it.

    Raises:
        EngineError: naming the field.
    """
    for name in _fields(query.expression):
        _spec(schema, name)
    if query.where is not None:
        for name in _fields(query.where):
            _spec(schema, name)
    for name in (*query.filters, *query.facets):
        if _spec(schema, name).kind is not FieldKind.KEYWORD:
            raise EngineError(f"field {name} is not {FieldKind.KEYWORD}")
    for key in query.order:
        if not _spec(schema, key.field).sortable:
            raise EngineError(f"field {key.field} is not sortable")


def check_fields(schema: Schema, names: Iterable[str]) -> None:
    """Refuse fields there are not.

    Raises:
        EngineError: naming the field.
    """
    for name in names:
        _spec(schema, name)


def _spec(schema: Schema, name: str) -> FieldSpec:
    try:
        return schema[name]
    except KeyError:
        raise EngineError(f"there is no field {name}") from None


def _fields(node: ex.Expression) -> Iterator[str]:
    """Yield the fields an expression asks."""
    if isinstance(node, ex.Terms | ex.Phrase | ex.Prefix | ex.Fuzzy | ex.Values | ex.Range):
        yield node.field
    for child in ex.children(node):
        yield from _fields(child)
