"""Fields every engine keeps beside those of a schema, and validation before writing and searching."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from portal.search.engine import expressions as ex
from portal.search.engine.base import EngineDocument, EngineError, EngineQuery, FieldKind, FieldSpec, Filters, Schema

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
            space in it (engines keep tokens apart by spaces), there are several values to order by, or one is not text.
    """
    check_text((document.key, document.group))
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
            check_text(values)
            if values:
                yield spec, values


def check_text(values: Iterable[str]) -> None:
    """Refuse half a surrogate pair, as JSON may bring it: each engine would fail at it in its way.

    Raises:
        EngineError: naming the text.
    """
    text = " ".join(values)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise EngineError(f"not text: {text[max(0, error.start - 20) : error.end]!r}") from None


def json_bytes(value: Any) -> bytes:
    """Return a JSON value as it is kept and sent.

    Raises:
        EngineError: something in it is not text.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    check_text((text,))
    return text.encode()


def check_query(schema: Schema, query: EngineQuery) -> None:
    """Refuse a question about fields that cannot answer it, or for what is not text.

    Raises:
        EngineError: naming the field or the text.
    """
    for node in (query.expression, query.where):
        if node is not None:
            _check(schema, node)
    check_fields(schema, (), query.filters)
    for name in (*query.filters, *query.facets):
        if _spec(schema, name).kind is not FieldKind.KEYWORD:
            raise EngineError(f"field {name} is not {FieldKind.KEYWORD}")
    for key in query.order:
        if not _spec(schema, key.field).sortable:
            raise EngineError(f"field {key.field} is not sortable")


def check_fields(
    schema: Schema, names: Iterable[str], filters: Filters | None = None, texts: Iterable[str] = ()
) -> None:
    """Refuse fields there are not, and what is not text.

    Raises:
        EngineError: naming the field or the text.
    """
    filters = filters or {}
    for name in (*names, *filters):
        _spec(schema, name)
    for values in (texts, *filters.values()):
        check_text(values)


def _spec(schema: Schema, name: str) -> FieldSpec:
    try:
        return schema[name]
    except KeyError:
        raise EngineError(f"there is no field {name}") from None


def _check(schema: Schema, node: ex.Expression) -> None:
    """Check the fields an expression asks and the texts it asks for."""
    if isinstance(node, ex.Terms | ex.Phrase):
        check_fields(schema, (node.field,), texts=node.tokens)
    elif isinstance(node, ex.Prefix):
        check_fields(schema, (node.field,), texts=(node.text,))
    elif isinstance(node, ex.Fuzzy):
        check_fields(schema, (node.field,), texts=(node.token,))
    elif isinstance(node, ex.Values):
        check_fields(schema, (node.field,), texts=node.values)
    elif isinstance(node, ex.Range):
        check_fields(schema, (node.field,), texts=(node.lower or "", node.upper or ""))
    for child in ex.children(node):
        _check(schema, child)
