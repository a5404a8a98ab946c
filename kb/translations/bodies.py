"""Show texts made of blocks, those of chapters and of bulletins, in the language of their reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kb.models import Bulletin, ContentTranslation, Manual, ManualChapter
from kb.translations.languages import source_language, tag_of
from kb.translations.passages import (
    BULLETIN_FIELDS,
    block_key,
    cell_key,
    passages_of_bulletin,
    passages_of_chapter,
    passages_of_manual,
    says_something,
)
from kb.translations.pictures import translated_picture
from kb.translations.reading import Reading, Translated, translated_in


@dataclass(frozen=True)
class ShownBlock:
    """A block of a chapter as it is read.

    Args:
        tag: its language as HTML names it.
        aid: a warning in the language read, below its own words.
        is_behind: whether it stands in the words of the source because its translation is out of date.
    """

    block: Any
    tag: str
    aid: str = ""
    is_behind: bool = False


def read_edition(
    manual: Manual, chapters: Sequence[ManualChapter], versions: Sequence[ContentTranslation], reading: Reading
) -> None:
    """Put the words of the language read into a manual and its chapters, which are not saved after that.

    ``shown`` of a chapter are its blocks; ``changes`` what changed since it was translated.
    """
    of_language = [one for one in versions if one.language == reading.language]
    own = next((one for one in of_language if one.manual_id), None)
    if own is not None:
        titles = Translated(own, passages_of_manual(manual))
        reading.changes = titles.changes
        titles.put(manual, "title", "title")
        titles.put(manual, "summary", "summary")
    by_chapter = {one.chapter_id: one for one in of_language if one.chapter_id}
    for chapter in chapters:
        version = by_chapter.get(chapter.pk)
        if version is not None:
            _read_chapter(chapter, Translated(version, passages_of_chapter(chapter)))
        elif reading.is_translated or reading.is_foreign:
            chapter.shown = [ShownBlock(block, reading.source_tag) for block in chapter.body]
            chapter.is_untranslated = reading.is_translated


def _read_chapter(chapter: ManualChapter, translated: Translated) -> None:
    chapter.changes = translated.changes
    chapter.shown = shown_blocks(chapter.body, translated)
    translated.put(chapter, "title", "title")


def read_bulletin(bulletin: Bulletin, versions: Iterable[ContentTranslation], reading: Reading) -> None:
    """Put the words of the language read into a bulletin, which is not saved after that; ``shown`` are its blocks."""
    translated = translated_in(versions, reading, passages_of_bulletin(bulletin))
    if translated is None:
        if reading.is_foreign:
            bulletin.shown = [ShownBlock(block, reading.source_tag) for block in bulletin.body]
        return
    bulletin.shown = shown_blocks(bulletin.body, translated)
    for name, _form, _label in BULLETIN_FIELDS:
        translated.put(bulletin, name, name)


def shown_blocks(body: Any, translated: Translated) -> list[ShownBlock]:
    """Return the blocks of a text as they are read: warnings in their own words, the rest as far as it is translated.

    A table or a picture is in the language read altogether or not at all.
    """
    raw = list(body.raw_data)
    keys = [block_key(block, position) for position, block in enumerate(raw)]
    values = [_translated_block(block, key, translated) for block, key in zip(raw, keys, strict=True)]
    read = body.stream_block.to_python(
        [block if value is None else {**block, "value": value} for block, value in zip(raw, values, strict=True)]
    )
    own, other = tag_of(source_language()), tag_of(translated.language)
    return [
        ShownBlock(
            block,
            own if value is None else other,
            translated.get(key) or "" if kind == "safety" else "",
            translated.is_behind(key),
        )
        for block, value, key, kind in zip(read, values, keys, (block["type"] for block in raw), strict=True)
    ]


def _translated_block(block: Any, key: str, translated: Translated) -> Any:
    """Return the value of a block in the language read; None where it stays in that of the source."""
    kind, value = block["type"], block["value"]
    if kind == "text":
        return translated.get(key)
    if kind in ("figure", "video"):
        return translated_picture(kind, value, key, translated)
    return _translated_table(value, key, translated) if kind == "table" else None


def _translated_table(value: Any, key: str, translated: Translated) -> Any:
    data = []
    for row, line in enumerate(value.get("data") or []):
        words = [translated.get(cell_key(key, row, column)) for column in range(len(line))]
        # Half a table in each language helps nobody.
        if any(says_something(str(cell or "")) and not said for cell, said in zip(line, words, strict=True)):
            return None
        data.append([said or cell for cell, said in zip(line, words, strict=True)])
    caption = translated.get(f"{key}.caption") or value.get("table_caption")
    return {**value, "data": data, "table_caption": caption}
