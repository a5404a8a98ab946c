"""Words of pictures in the language of their reader: of a picture all of them, or none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kb.pictures.queries import Picture, Shown
from kb.translations.languages import Words, source_language
from kb.translations.passages import callout_key, callout_value, says_something
from kb.translations.reading import Translated


def read_pictures(pictures: Sequence[Shown], key: str, translated: Translated | None) -> list[Shown]:
    """Return pictures with their words in the language read.

    Args:
        pictures: as they were fetched from a stream.
        key: begins the keys of the passages of the stream.
        translated: None where the record is read in its own language.
    """
    return [one if translated is None else _read(one, f"{key}.{one.key}", translated) for one in pictures]


def _read(one: Shown, key: str, translated: Translated) -> Shown:
    if not isinstance(one, Picture):
        return replace(one, alt=translated.get(f"{key}.description") or _marked(one.alt, key, translated))
    found = {name: _words(getattr(one, name), f"{key}.{name}", translated) for name in ("alt", "caption", "part")}
    marks = [_words(mark.label, f"{key}.{callout_key(mark.number)}", translated) for mark in one.callouts]
    # What the picture shows is taken from its caption where nobody wrote more.
    found["alt"] = found["alt"] if found["alt"] is not None else found["caption"]
    if any(words is None for words in (*found.values(), *marks)):
        return replace(one, caption=_marked(one.caption, key, translated))
    callouts = [replace(mark, label=label) for mark, label in zip(one.callouts, marks, strict=True)]
    return replace(one, callouts=callouts, **found)


def _words(text: str, key: str, translated: Translated) -> str | None:
    """Return the words of a passage; the text itself where there is nothing to translate, None where it is missing."""
    return translated.get(key) if says_something(text) else text


def _marked(text: str, key: str, translated: Translated) -> str:
    return Words(text, source_language(), is_behind=True) if text and translated.is_behind(key) else text


def translated_picture(kind: str, value: dict[str, Any], key: str, translated: Translated) -> dict[str, Any] | None:
    """Return the stored value of a picture in the language read; None where it stays in that of the source."""
    if kind == "video":
        words = translated.get(f"{key}.description")
        return {**value, "description": words} if words else None
    texts = {name: _words(str(value.get(name) or ""), f"{key}.{name}", translated) for name in ("caption", "part")}
    rows = list(value.get("callouts") or ())
    marks = [
        _words(str(callout_value(row).get("label") or ""), f"{key}.{callout_key(number)}", translated)
        for number, row in enumerate(rows, start=1)
    ]
    image = value.get("image")
    if isinstance(image, dict):
        alt = _words(str(image.get("alt_text") or ""), f"{key}.alt", translated)
        image, marks = {**image, "alt_text": alt}, [*marks, alt]
    if any(words is None for words in (*texts.values(), *marks)):
        return None
    callouts = [_labelled(row, label) for row, label in zip(rows, marks, strict=False)]
    return {**value, **texts, "image": image, "callouts": callouts}


def _labelled(row: Any, label: str | None) -> dict[str, Any]:
    inner = {**callout_value(row), "label": label}
    return {**row, "value": inner} if "value" in row else inner
