"""Whoosh field types that take tokens instead of text.

Whoosh pickles the schema into the index, class paths included: do not move or rename what is here without raising
`FORMAT` in `portal/search/engine/fields.py`.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from whoosh.analysis import Analyzer
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, FieldType
from whoosh.fields import Schema as WhooshSchema
from whoosh.formats import Existence, Positions

from portal.search.engine.base import FieldKind, FieldSpec, Schema
from portal.search.engine.fields import GROUP, KEY, STORE

Posting = tuple[bytes, int, float, bytes]


class Pretokenised(Analyzer):
    """Whoosh wants an analyzer; text is cut up above the engine."""

    def __call__(self, value: Any, **kwargs: Any) -> Iterator[Any]:
        """Refuse text.

        Raises:
            TypeError: always.
        """
        raise TypeError("fields of this index take tokens, not text")


class TokenField(FieldType):
    """Tokens with their number of occurrences; scored."""

    def __init__(self) -> None:
        super().__init__(Existence(), Pretokenised(), scorable=True)

    def index(self, value: Sequence[str], **kwargs: Any) -> Generator[Posting, Any, None]:
        """Yield one posting a distinct token. The weight carries the frequency, so nothing else need be stored."""
        for token, count in Counter(value).items():
            yield token.encode(), count, float(count), b""


class PositionField(FieldType):
    """Tokens with their places, for exact phrases; scored."""

    def __init__(self) -> None:
        super().__init__(Positions(), Pretokenised(), scorable=True)

    def index(self, value: Sequence[str], **kwargs: Any) -> Generator[Posting, Any, None]:
        """Yield one posting a distinct token with the list of its places."""
        encode = Positions().encode
        places: dict[str, list[int]] = {}
        for place, token in enumerate(value):
            places.setdefault(token, []).append(place)
        for token, found in places.items():
            yield token.encode(), len(found), float(len(found)), encode(found)


class ValueField(FieldType):
    """Exact values, not scored; sortable by the first one."""

    def __init__(self, *, sortable: bool = False) -> None:
        super().__init__(Existence(), Pretokenised(), scorable=False, sortable=sortable)

    def index(self, value: Sequence[str], **kwargs: Any) -> Generator[Posting, Any, None]:
        """Yield one posting a distinct value."""
        for token in dict.fromkeys(value):
            yield token.encode(), 1, 1.0, b""

    def to_column_value(self, value: Sequence[str]) -> bytes:
        """Return what results are ordered by."""
        return value[0].encode() if value else b""


def whoosh_schema(schema: Schema) -> WhooshSchema:
    """Return the Whoosh schema for ours."""
    fields: dict[str, Any] = {spec.name: _field(spec) for spec in schema.fields}
    result = WhooshSchema(**fields)
    for name in (KEY, GROUP):
        result.add(name, ValueField())
    result.add(STORE, COLUMN(VarBytesColumn()))
    return result


def _field(spec: FieldSpec) -> FieldType:
    if spec.kind is FieldKind.KEYWORD:
        return ValueField(sortable=spec.sortable)
    return PositionField() if spec.positions else TokenField()
