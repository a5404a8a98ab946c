"""Decoded postings: numbers and weights as arrays, sets of documents as bit sets."""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, repeat
from sys import getsizeof
from typing import Any, Generic, TypeVar

from whoosh.matching import Matcher
from whoosh.matching.wrappers import FilterMatcher

Value = TypeVar("Value")

#: Document numbers, and their weights or the weight of all of them.
Block = tuple[list[int], float | Sequence[float]]

#: Bytes an entry of a cache takes beside its key and value.
_ENTRY = 260
_NOT_EMPTY = re.compile(rb"[^\0]", re.DOTALL)
_BITS_OF_BYTE = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]


@dataclass(slots=True)
class Posting:
    """The documents of one segment that hold a term, ascending, how often, and how much the term weighs in each.

    Args:
        ids: document numbers.
        counts: occurrences in each document, or 1 when a term occurs once in all of them.
        weights: what `counts` come to for a mean length of the field's texts.
        mean: that mean length.
    """

    ids: array[int] = field(default_factory=lambda: array("I"))
    counts: array[float] | float = 1.0
    weights: array[float] | None = None
    mean: float = 0.0
    _mask: int | None = None
    _bits: bytes | None = None

    @property
    def mask(self) -> int:
        """The documents as a bit set."""
        if self._mask is None:
            self._mask = mask_of(self.ids)
        return self._mask

    @property
    def bits(self) -> bytes:
        """The documents as bits in bytes, to look single ones up."""
        if self._bits is None:
            self._bits = self.mask.to_bytes((self.mask.bit_length() + 7) >> 3, "little")
        return self._bits

    @property
    def cost(self) -> int:
        """The bytes it takes at most: with its weights and both forms of its set of documents."""
        arrays = getsizeof(self) + getsizeof(self.counts) + 2 * getsizeof(self.ids)
        return arrays + (96 + self.ids[-1] // 3 if self.ids else 0)


def mask_of(ids: Iterable[int]) -> int:
    """Return a bit set of document numbers."""
    numbers = ids if isinstance(ids, array) else array("I", ids)
    if not numbers:
        return 0
    size = max(numbers) + 1
    if len(numbers) > size >> 6:
        # Many: setting a byte is cheaper than setting a bit, and reading binary digits is linear.
        digits = bytearray(b"0") * size
        for number in numbers:
            digits[number] = 49
        digits.reverse()
        return int(digits, 2)
    data = bytearray((size >> 3) + 1)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")


def ids_of(mask: int) -> list[int]:
    """Return the document numbers in a bit set, ascending."""
    found: list[int] = []
    size = (mask.bit_length() + 7) >> 3
    data = mask.to_bytes(size, "little")
    if mask.bit_count() < size >> 4:
        # Few: jumping from one byte that is not empty to the next one.
        for match in _NOT_EMPTY.finditer(data):
            base = match.start() << 3
            found.extend([base + bit for bit in _BITS_OF_BYTE[data[match.start()]]])
        return found
    base = 0
    for byte in data:
        if byte:
            found.extend([base + bit for bit in _BITS_OF_BYTE[byte]])
        base += 8
    return found


def at_least(masks: Iterable[int], minimum: int) -> int:
    """Return the documents that are in `minimum` or more of the bit sets: a binary adder over all documents at once."""
    digits: list[int] = []
    for mask in masks:
        carry = mask
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
            if not carry:
                break
        if carry:
            digits.append(carry)
    above, equal = 0, -1
    for place in reversed(range(max(len(digits), minimum.bit_length()))):
        digit = digits[place] if place < len(digits) else 0
        if minimum >> place & 1:
            equal &= digit
        else:
            above |= equal & digit
            equal &= ~digit
    return above | equal


def blocks_of(matcher: Matcher) -> Iterator[Block]:
    """Yield the postings of a fresh matcher in blocks, deleted documents included."""
    if isinstance(matcher, FilterMatcher):
        # It hides deleted documents one by one; the evaluator does that for all with one bit set.
        matcher = matcher.child
        matcher.reset()
    coded: Any = matcher
    if all(hasattr(coded, name) for name in ("_read_data", "_next_block", "_byteids")) and not coded._byteids:
        # The default codec keeps blocks of differences of numbers, and of weights unless they are all alike. Taking
        # them as they are is twenty times faster than asking for one posting after the other.
        while coded.is_active():
            coded._read_data()
            differences, weights = coded._data[:2]
            yield list(accumulate(differences)), 1.0 if weights is None else weights
            coded._next_block()
        return
    ids: list[int] = []
    counts: list[float] = []
    while matcher.is_active():
        ids.append(matcher.id())
        counts.append(matcher.weight())
        matcher.next()
    yield ids, counts


def posting_of(matcher: Matcher) -> Posting:
    """Return the postings of a fresh matcher, deleted documents included."""
    blocks = list(blocks_of(matcher))
    ids = array("I", chain.from_iterable(numbers for numbers, _ in blocks))
    if all(given == 1.0 for _, given in blocks):
        return Posting(ids)
    counts = array("f")
    for numbers, given in blocks:
        counts.extend(repeat(given, len(numbers)) if isinstance(given, float) else given)
    return Posting(ids, counts)


class BoundedCache(Generic[Value]):
    """The most recently used values, up to a total number of bytes, keys and book-keeping included."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.cost = 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        """Return a value and remember that it was used."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Value, cost: int) -> None:
        """Keep a value; the least recently used ones make room.

        Args:
            key: a tuple, or what may stand in one.
            value: to be kept.
            cost: its bytes.
        """
        cost += _ENTRY + _size(key)
        _, replaced = self._values.pop(key, (None, 0))
        self._values[key] = (value, cost)
        self.cost += cost - replaced
        while self.cost > self.budget:
            _, (_, freed) = self._values.popitem(last=False)
            self.cost -= freed

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self.cost = 0


def _size(key: Hashable) -> int:
    """Return the bytes of a key and all it is made of."""
    parts = sum(map(_size, key)) if isinstance(key, tuple | frozenset) else 0
    return getsizeof(key) + parts
