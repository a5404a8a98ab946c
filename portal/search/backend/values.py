"""Encode field values as text that sorts and compares like the values.

An engine compares text. So numbers are written with a fixed width, dates by ISO 8601, moments in UTC; then one kind
of term answers exact, range, prefix and ordering alike.
"""

import datetime
import hashlib
import json
import struct
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.encoding import force_str

#: A document that has no value in a field holds this; real values begin with `VALUE`.
NULL = "n"
VALUE = "v"
#: Longer text is ordered and named by its beginning, and told apart by a digest behind it.
MAX_LENGTH = 255
_OFFSET = 1 << 63
_SIGN = 1 << 63


class ValueKind(StrEnum):
    """How the values of a model field are compared."""

    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"
    DURATION = "duration"
    TEXT = "text"


_KINDS = {
    "AutoField": ValueKind.INTEGER,
    "BigAutoField": ValueKind.INTEGER,
    "SmallAutoField": ValueKind.INTEGER,
    "IntegerField": ValueKind.INTEGER,
    "BigIntegerField": ValueKind.INTEGER,
    "SmallIntegerField": ValueKind.INTEGER,
    "PositiveIntegerField": ValueKind.INTEGER,
    "PositiveBigIntegerField": ValueKind.INTEGER,
    "PositiveSmallIntegerField": ValueKind.INTEGER,
    "FloatField": ValueKind.REAL,
    "DecimalField": ValueKind.REAL,
    "BooleanField": ValueKind.BOOLEAN,
    "NullBooleanField": ValueKind.BOOLEAN,
    "DateField": ValueKind.DATE,
    "DateTimeField": ValueKind.MOMENT,
    "TimeField": ValueKind.TIME,
    "DurationField": ValueKind.DURATION,
}


def kind_of(internal_type: str) -> ValueKind:
    """Return how a field with this Django internal type is compared."""
    return _KINDS.get(internal_type, ValueKind.TEXT)


def encode(value: Any, kind: ValueKind) -> str:
    """Return a value as a term.

    Raises:
        ValueError, TypeError: the value cannot be one of this kind.
    """
    if value is None:
        return NULL
    return VALUE + _ENCODERS[kind](value)


def decode(term: str | None, kind: ValueKind) -> Any:
    """Return the value a term stands for; of text longer than `MAX_LENGTH` its beginning."""
    if term is None or term == NULL:
        return None
    return _DECODERS[kind](term.removeprefix(VALUE))


def _encode_real(value: float | Decimal | str) -> str:
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(value)))
    return f"{bits ^ (_SIGN if bits < _SIGN else (1 << 64) - 1):016x}"


def _decode_real(text: str) -> float:
    bits = int(text, 16)
    (value,) = struct.unpack(">d", struct.pack(">Q", bits ^ (_SIGN if bits >= _SIGN else (1 << 64) - 1)))
    return float(value)


def _encode_date(value: datetime.date | str) -> str:
    if isinstance(value, datetime.datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value if isinstance(value, str) else value.isoformat()


def _encode_moment(value: datetime.date | str) -> str:
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if timezone.is_naive(value):
        value = timezone.make_aware(value)
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").zfill(26)


def _encode_text(value: Any) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, dict):
        value = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    text = force_str(value)
    if len(text) <= MAX_LENGTH:
        return text
    return text[:MAX_LENGTH] + hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _as_microseconds(value: datetime.timedelta) -> int:
    return value // datetime.timedelta(microseconds=1)


_ENCODERS: dict[ValueKind, Callable[[Any], str]] = {
    ValueKind.INTEGER: lambda value: f"{int(value) + _OFFSET:020d}",
    ValueKind.REAL: _encode_real,
    ValueKind.BOOLEAN: lambda value: "1" if value else "0",
    ValueKind.DATE: _encode_date,
    ValueKind.MOMENT: _encode_moment,
    ValueKind.TIME: lambda value: value if isinstance(value, str) else value.strftime("%H:%M:%S.%f"),
    ValueKind.DURATION: lambda value: f"{_as_microseconds(value) + _OFFSET:020d}",
    ValueKind.TEXT: _encode_text,
}
_DECODERS: dict[ValueKind, Callable[[str], Any]] = {
    ValueKind.INTEGER: lambda text: int(text) - _OFFSET,
    ValueKind.REAL: _decode_real,
    ValueKind.BOOLEAN: lambda text: text == "1",
    ValueKind.DATE: datetime.date.fromisoformat,
    ValueKind.MOMENT: lambda text: datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC),
    ValueKind.TIME: datetime.time.fromisoformat,
    ValueKind.DURATION: lambda text: datetime.timedelta(microseconds=int(text) - _OFFSET),
    ValueKind.TEXT: lambda text: text[:MAX_LENGTH],
}
