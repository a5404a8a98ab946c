"""Our schema and documents as OpenSearch's."""

import hashlib
import json
from typing import Any

from ..base import EngineDocument, EngineError, FieldKind, Schema

KEY = "key__"
GROUP = "group__"
STORE = "stored__"
#: Raise it when the mapping changes.
FORMAT = 1


def fingerprint(schema: Schema) -> str:
    """Return what tells an index of another version or for other fields."""
    fields = [[spec.name, spec.kind, spec.positions, spec.sortable] for spec in schema.fields]
    return hashlib.sha256(json.dumps([FORMAT, schema.version, fields]).encode()).hexdigest()[:16]


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
            "_meta": {"fingerprint": fingerprint(schema)},
            "properties": properties,
        },
    }


def source(schema: Schema, document: EngineDocument) -> dict[str, Any]:
    """Return the body of a document.

    Raises:
        EngineError: a field is given values of the wrong kind.
    """
    body: dict[str, Any] = {KEY: document.key, GROUP: document.group or document.key, STORE: dict(document.stored)}
    for kind, given in ((FieldKind.TEXT, document.text), (FieldKind.KEYWORD, document.keywords)):
        for name, tokens in given.items():
            if schema[name].kind is not kind:
                raise EngineError(f"field {name} is not {kind}")
            if kind is FieldKind.TEXT:
                body[name] = " ".join("_".join(token.split()) for token in tokens)
            else:
                body[name] = list(dict.fromkeys(tokens))
    return body
