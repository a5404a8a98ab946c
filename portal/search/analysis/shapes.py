"""Visually similar characters, confused in handwriting, on type plates and in input methods.

The table is made by `deploy/look_alikes.py` from the Unihan database.
"""

from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    source = resources.files(__package__).joinpath("look_alikes.txt").read_text(encoding="utf-8")
    return {line[0]: line[1:] for line in source.splitlines() if not line.startswith("#")}


def look_alikes(character: str) -> str:
    """Return the characters that look like one, nearest first; empty for a rare one."""
    return _table().get(character, "")


def look_alike(one: str, other: str) -> bool:
    """Return whether either of two characters may be taken for the other."""
    return other in look_alikes(one) or one in look_alikes(other)
