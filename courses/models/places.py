"""Names of places: how they are kept, and the key under which two spellings are one place."""

import unicodedata
from typing import Any

from django.db import models

# Full-width letters, digits and the ideographic space as an input method types them; brackets and commas stay.
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH[0x3000] = 0x20


def tidy_place(name: str) -> str:
    """Return the name of a place as it is kept: plain letters and digits, single spaces, none around."""
    return " ".join(name.translate(_FULL_WIDTH).split())


def place_key(name: str) -> str:
    """Return what two spellings of one place have in common: NFKC, any letter case, no spaces."""
    before, key = None, name
    # Where a space goes, a mark may join the letter before it; where a letter is folded, another may follow.
    while key != before:
        before, key = key, "".join(unicodedata.normalize("NFKC", key).casefold().split())
    return key


class PlaceKeyField(models.CharField):
    """The key of the place in another field of the record, filled whenever the record is saved.

    Args:
        of: name of the field with the place.
    """

    def __init__(self, *args: Any, of: str = "place", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the arguments for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the key, cut to the length of the column."""
        key = place_key(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
