"""Convert schema and documents to OpenSearch mappings and sources."""

from typing import Any

from portal.search.engine.base import EngineDocument, FieldKind, Schema
from portal.search.engine.fields import GROUP, KEY, STORE, fingerprint, values_of

ENGINE = "opensearch"


def index_body(schema: Schema) -> dict[str, Any]:
    """Return the mapping of a new index: text is cut at spaces only, since it comes as tokens."""
    properties: dict[str, Any] = {
        # Its own copy of the id, since ids cannot be sorted by.
        KEY: {"type": "keyword"},
        GROUP: {"type": "keyword", "doc_values": False},
        STORE: {"type": "object", "enabled": False},
    }
    for spec in schema.fields:
        if spec.kind is FieldKind.KEYWORD:
            properties[spec.name] = {"type": "keyword"}
        else:
            options = "positions" if spec.positions else "freqs"
            # Field data lets terms of the field be listed by their beginning, see `complete`.
            properties[spec.name] = {
                "type": "text",
                "analyzer": "whitespace",
                "index_options": options,
                "fielddata": True,
            }
    return {
        "mappings": {
            "dynamic": "strict",
            "_meta": {"fingerprint": fingerprint(ENGINE, schema)},
            "properties": properties,
        },
    }


def source(schema: Schema, document: EngineDocument) -> dict[str, Any]:
    """Return the body of a document.

    Raises:
        EngineError: it does not fit the schema.
    """
    body: dict[str, Any] = {KEY: document.key, GROUP: document.group or document.key, STORE: dict(document.stored)}
    for spec, values in values_of(schema, document):
        body[spec.name] = " ".join(values) if spec.kind is FieldKind.TEXT else list(values)
    return body
