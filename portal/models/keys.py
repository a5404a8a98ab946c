"""Fields that hold how another field is found: by normalised name, number, pinyin; filled on every save."""

from typing import Any

from django.db import models

from portal.typed import name_key, number_key, pinyin_of


class KeyField(models.CharField):
    """What is compared with typed text instead of the field ``source``; written by ``save`` and ``bulk_create``.

    Args:
        source: name of the field whose value is turned into the key.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs |= {"editable": False, "blank": True, "default": "", "db_index": True}
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep the source in migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def key_of(self, text: str) -> str:
        """Return the key of a value of the source."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the key of what the source holds now."""
        key = self.key_of(getattr(model_instance, self.source) or "")[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


class NameKey(KeyField):
    """A name without spaces, width, case and punctuation."""

    def key_of(self, text: str) -> str:
        """See :func:`portal.typed.name_key`."""
        return name_key(text)


class NumberKey(KeyField):
    """A number or code without hyphens, with letters that look like digits as digits."""

    def key_of(self, text: str) -> str:
        """See :func:`portal.typed.number_key`."""
        return number_key(text)


class PinyinKey(KeyField):
    """The pinyin of a name, or its initials.

    Args:
        initials: keep the first letters of the syllables only.
        is_person: read the first characters as a surname.
    """

    def __init__(self, *args: Any, initials: bool = False, is_person: bool = False, **kwargs: Any) -> None:
        self.initials, self.is_person = initials, is_person
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep how the name is read in migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"initials": self.initials, "is_person": self.is_person}

    def key_of(self, text: str) -> str:
        """See :func:`portal.typed.pinyin_of`."""
        full, first = pinyin_of(text, is_person=self.is_person)
        return first if self.initials else full
