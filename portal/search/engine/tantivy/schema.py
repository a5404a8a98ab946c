"""Convert schema and documents to tantivy's."""

from tantivy import Document, Index, SchemaBuilder, TextAnalyzerBuilder, Tokenizer
from tantivy import Schema as TantivySchema

from portal.search.engine.base import EngineDocument, FieldKind, Schema
from portal.search.engine.content import packed
from portal.search.engine.fields import GROUP, KEY, STORE, values_of

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


def prepared(index: Index) -> Index:
    """Teach an opened index to cut at spaces and not to watch its files, which we do, and return it."""
    index.register_tokenizer(TOKENS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.config_reader(reload_policy="manual")
    return index


def native_document(schema: Schema, document: EngineDocument) -> Document:
    """Return a document as tantivy takes it.

    Raises:
        EngineError: it does not fit the schema.
    """
    native = Document()
    for spec, values in values_of(schema, document):
        for value in [" ".join(values)] if spec.kind is FieldKind.TEXT else values:
            native.add_text(spec.name, value)
    native.add_text(KEY, document.key)
    native.add_text(GROUP, document.group or document.key)
    native.add_bytes(STORE, packed(document))
    return native
