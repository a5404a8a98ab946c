"""Our schema and documents as tantivy's."""

from tantivy import Document, Index, SchemaBuilder, TextAnalyzerBuilder, Tokenizer
from tantivy import Schema as TantivySchema

from ..base import EngineDocument, EngineError, FieldKind, Schema
from ..content import packed

KEY = "key__"
GROUP = "group__"
STORE = "stored__"
#: Tokens come ready; they are written with spaces between and cut there again.
TOKENS = "tokens"


def native_schema(schema: Schema) -> TantivySchema:
    """Return the tantivy schema for ours."""
    builder = SchemaBuilder()
    for spec in schema.fields:
        if spec.kind is FieldKind.KEYWORD:
            builder.add_text_field(spec.name, fast=True, tokenizer_name="raw", index_option="basic")
        else:
            option = "position" if spec.positions else "freq"
            builder.add_text_field(spec.name, tokenizer_name=TOKENS, index_option=option)
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(GROUP, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(STORE, stored=True)
    return builder.build()


def register_tokens(index: Index) -> Index:
    """Teach an opened index to cut at spaces, and return it."""
    index.register_tokenizer(TOKENS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def native_document(schema: Schema, document: EngineDocument) -> Document:
    """Return a document as tantivy takes it.

    Raises:
        EngineError: a field is given values of the wrong kind.
    """
    native = Document()
    for kind, given in ((FieldKind.TEXT, document.text), (FieldKind.KEYWORD, document.keywords)):
        for name, tokens in given.items():
            if schema[name].kind is not kind:
                raise EngineError(f"field {name} is not {kind}")
            if kind is FieldKind.TEXT:
                native.add_text(name, " ".join("_".join(token.split()) for token in tokens))
            else:
                for token in dict.fromkeys(tokens):
                    native.add_text(name, token)
    native.add_text(KEY, document.key)
    native.add_text(GROUP, document.group or document.key)
    native.add_bytes(STORE, packed(document))
    return native
