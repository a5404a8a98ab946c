"""Show a record in the language of its reader: its own structure, the translated words, warnings in its own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from kb.models import CausePair, ContentTranslation, FaultArticle, Manual, ManualChapter, SafetyNote
from kb.translations.languages import (
    PARAMETER,
    Choice,
    Words,
    choices,
    chosen_language,
    name_of,
    source_language,
    tag_of,
)
from kb.translations.passages import (
    ARTICLE_FIELDS,
    PAIR_FIELDS,
    Passage,
    block_key,
    cell_key,
    note_key,
    pair_key,
    passages_of_article,
    passages_of_chapter,
    passages_of_manual,
    says_something,
)
from kb.translations.staleness import Changed, changes_of, words_that_hold


@dataclass
class Reading:
    """In which language a page is read, and what its reader must know about that.

    Args:
        language: of the words shown.
        offered: the languages there are; one alone means there is no choice.
        changes: what changed in the source since the words shown were translated.
    """

    language: str
    offered: list[Choice]
    changes: list[Changed] = field(default_factory=list)

    @property
    def is_translated(self) -> bool:
        """Whether the words shown are a translation."""
        return self.language != source_language()

    @property
    def is_foreign(self) -> bool:
        """Whether the words shown are in another language than the screen."""
        return self.language != translation.get_language()

    @property
    def name(self) -> str:
        """What the language shown is called."""
        return name_of(self.language)

    @property
    def card_query(self) -> str:
        """What the address of the paper says besides, so that it is in the language read."""
        return f"?{PARAMETER}={self.language}" if self.is_foreign else ""

    @property
    def source_name(self) -> str:
        """What the language of the source is called."""
        return name_of(source_language())

    @property
    def source_tag(self) -> str:
        """The language of the source as HTML names it."""
        return tag_of(source_language())


def reading_of(versions: Iterable[ContentTranslation], asked: str) -> Reading:
    """Return how a record with these published versions is read.

    Args:
        asked: the language the reader asked for; empty for that of the screen.
    """
    offered = [source_language(), *sorted({version.language for version in versions})]
    shown = chosen_language(asked, offered)
    return Reading(shown, choices(offered, shown))


class Translated:
    """The words of one version that hold, each with its language; what says otherwise by now stays in the source's."""

    def __init__(self, version: ContentTranslation, passages: Sequence[Passage]) -> None:
        self.language = version.language
        self.changes = changes_of(version, passages)
        self._words = words_that_hold(version, passages)
        translated = {passage.key for passage in passages if version.words.get(passage.key)}
        self._behind = translated - self._words.keys()

    def get(self, key: str) -> Words | None:
        """Return the words of a passage; None where it is not translated, is not there, or was changed since."""
        text = self._words.get(key)
        return Words(text, self.language) if text else None

    def is_behind(self, key: str) -> bool:
        """Whether a passage, or one within it such as a cell, was translated and then changed in the source."""
        return any(behind == key or behind.startswith(f"{key}.") for behind in self._behind)

    def put(self, record: Any, field_name: str, key: str) -> None:
        """Put the words of a passage in the place of those of the source, or mark the source's where they changed."""
        if (words := self.get(key)) is not None:
            setattr(record, field_name, words)
        elif self.is_behind(key):
            setattr(record, field_name, Words(getattr(record, field_name), source_language(), is_behind=True))


def read_article(
    article: FaultArticle,
    pairs: Sequence[CausePair],
    notes: Sequence[SafetyNote],
    versions: Iterable[ContentTranslation],
    reading: Reading,
) -> None:
    """Put the words of the language read into an article and its causes, which are not saved after that.

    Warnings keep their words; ``aid`` beside each says it in the language read.
    """
    version = next((one for one in versions if one.language == reading.language), None)
    if version is None:
        return
    translated = Translated(version, passages_of_article(article, pairs, notes))
    reading.changes = translated.changes
    for name, _form, _label in ARTICLE_FIELDS:
        translated.put(article, name, name)
    for pair in pairs:
        for name, _form, _label in PAIR_FIELDS:
            translated.put(pair, name, pair_key(pair, name))
    for note in notes:
        note.aid = translated.get(note_key(note))


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
    raw = list(chapter.body.raw_data)
    keys = [block_key(block, position) for position, block in enumerate(raw)]
    values = [_translated_block(block, key, translated) for block, key in zip(raw, keys, strict=True)]
    body = chapter.body.stream_block.to_python(
        [block if value is None else {**block, "value": value} for block, value in zip(raw, values, strict=True)]
    )
    own, other = tag_of(source_language()), tag_of(translated.language)
    chapter.shown = [
        ShownBlock(
            block,
            own if value is None else other,
            translated.get(key) or "" if kind == "safety" else "",
            translated.is_behind(key),
        )
        for block, value, key, kind in zip(body, values, keys, (block["type"] for block in raw), strict=True)
    ]
    translated.put(chapter, "title", "title")


def _translated_block(block: Any, key: str, translated: Translated) -> Any:
    """Return the value of a block in the language read; None where it stays in that of the source."""
    if block["type"] == "text":
        return translated.get(key)
    if block["type"] != "table":
        return None
    rows = block["value"].get("data") or []
    data = []
    for row, line in enumerate(rows):
        words = [translated.get(cell_key(key, row, column)) for column in range(len(line))]
        # Half a table in each language helps nobody.
        if any(says_something(str(cell or "")) and not said for cell, said in zip(line, words, strict=True)):
            return None
        data.append([said or cell for cell, said in zip(line, words, strict=True)])
    caption = translated.get(f"{key}.caption") or block["value"].get("table_caption")
    return {**block["value"], "data": data, "table_caption": caption}
