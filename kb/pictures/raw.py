"""Pictures of a stream as they are stored."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RawBlock:
    """A stored block of a stream.

    Args:
        key: how it is called within the stream.
        value: as it is stored.
    """

    key: str
    kind: str
    value: dict[str, Any]


def raw_blocks(stream: Any, kinds: tuple[str, ...] = ("figure", "video")) -> list[RawBlock]:
    """Return the pictures of a stream as they are stored, without fetching anything."""
    return [
        RawBlock(block_name(block, position), block["type"], block["value"])
        for position, block in enumerate(stream.raw_data if stream else ())
        if block["type"] in kinds
    ]


def block_name(block: Any, position: int) -> str:
    """Return how a stored block is called within its stream; copies of the record keep it."""
    return str(block.get("id") or position)
