"""Show a record in the language of its reader: its own structure, the translated words, warnings in its own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from kb.models import CausePair, ContentTranslation, FaultArticle, SafetyNote
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
    note_key,
    pair_key,
    passages_of_article,
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
    def further_query(self) -> str:
        """What an address that says something already says besides, so that it is in the language read."""
        return f"&{PARAMETER}={self.language}" if self.is_foreign else ""

    @property
    def source_name(self) -> str:
        """What the language of the source is called."""
        return name_of(source_language())

    @property
    def source_tag(self) -> str:
        """The language of the source as HTML names it."""
        return tag_of(source_language())


def reading_of(versions: Iterable[ContentTranslation], asked: str, kept: str = "") -> Reading:
    """Return how a record with these published versions is read.

    Args:
        asked: the language the reader asked for; empty for that of the screen.
        kept: what else the address of the page says.
    """
    offered = [source_language(), *sorted({version.language for version in versions})]
    shown = chosen_language(asked, offered)
    return Reading(shown, choices(offered, shown, kept))


def reading_for(request: HttpRequest, versions: Iterable[ContentTranslation]) -> Reading:
    """Return how the page asked for is read; links to its other languages keep the rest of its address."""
    kept = request.GET.copy()
    kept.pop(PARAMETER, None)
    return reading_of(versions, request.GET.get(PARAMETER, ""), kept.urlencode())


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


def translated_in(
    versions: Iterable[ContentTranslation], reading: Reading, passages: Sequence[Passage]
) -> Translated | None:
    """Return the words of the version that is read, None where there is none; ``reading`` says what changed since."""
    version = next((one for one in versions if one.language == reading.language), None)
    if version is None:
        return None
    translated = Translated(version, passages)
    reading.changes = translated.changes
    return translated


def read_article(
    article: FaultArticle,
    pairs: Sequence[CausePair],
    notes: Sequence[SafetyNote],
    versions: Iterable[ContentTranslation],
    reading: Reading,
) -> Translated | None:
    """Put the words of the language read into an article and its causes, which are not saved after that.

    Warnings keep their words; ``aid`` beside each says it in the language read.

    Returns:
        The words, for the pictures that were fetched; None where the article is read in its own.
    """
    translated = translated_in(versions, reading, passages_of_article(article, pairs, notes))
    if translated is None:
        return None
    for name, _form, _label in ARTICLE_FIELDS:
        translated.put(article, name, name)
    for pair in pairs:
        for name, _form, _label in PAIR_FIELDS:
            translated.put(pair, name, pair_key(pair, name))
    for note in notes:
        note.aid = translated.get(note_key(note))
    return translated
