"""A draft beside what readers have: facts, rows and words, each piece with what was taken out and put in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.fields import StreamField

from kb.reviewing.queries import SENT, TRANSLATION, Waiting
from kb.translations.passages import Passage, passages_of
from kb.translations.staleness import compared, plain
from kb.word_diff import IN, Span, spans
from portal.access.changes import compare, row_models, snapshot

#: What says nothing to a reviewer: kept by the software, or set when it is published.
SILENT = frozenset({"live", "latest_revision", "locked", "go_live_at", "expire_at", "note"})


@dataclass(frozen=True)
class Piece:
    """A piece of a draft.

    Args:
        spans: what it says, with what was taken out and put in.
    """

    label: str
    spans: list[Span]


def pieces_of(one: Waiting) -> list[Piece]:
    """Return what a draft of an article, guide or bulletin changes; all of it where readers have nothing yet."""
    if one.kind not in SENT:
        return []
    model = type(one.record)
    old = _without_streams(model, snapshot(one.live)) if one.live is not None else None
    changes = compare(model, old, _without_streams(model, snapshot(one.record)))
    facts = [
        Piece(change.label, spans(change.old_text or "", change.new_text or ""))
        for change in changes
        if change.field not in SILENT
    ]
    return [*facts, *_streams(one)]


def _without_streams(model: type, content: dict[str, Any]) -> dict[str, Any]:
    """Leave texts made of blocks, and pictures, to be compared passage by passage."""
    streams = {field.name for field in model._meta.concrete_fields if isinstance(field, StreamField)}
    kept = {name: value for name, value in content.items() if name not in streams}
    for name, row_model in row_models(model).items():
        kept[name] = [_without_streams(row_model, row) for row in kept.get(name, [])]
    return kept


def _streams(one: Waiting) -> Iterator[Piece]:
    before = {passage.key: passage for passage in passages_of(one.live)} if one.live is not None else {}
    now = [passage for passage in passages_of(one.record) if _is_of_stream(passage)]
    for passage in now:
        earlier = before.get(passage.key)
        old, new = _said(earlier), _said(passage)
        if old != new:
            yield Piece(passage.label, spans(old, new) if earlier else [Span(IN, new)])
    present = {passage.key for passage in now}
    for key, passage in before.items():
        if _is_of_stream(passage) and key not in present:
            yield Piece(passage.label, spans(_said(passage), ""))


def _is_of_stream(passage: Passage) -> bool:
    return bool(passage.about) or passage.key.startswith("body.")


def _said(passage: Passage | None) -> str:
    return compared(passage.said, passage.form) if passage is not None else ""


@dataclass(frozen=True)
class Side:
    """A passage of a translation beside its source."""

    passage: Passage
    words: str
    before: str

    @property
    def source(self) -> str:
        """What the source says, in plain lines."""
        return plain(self.passage.text, self.passage.form)

    @property
    def shown(self) -> str:
        """The words, in plain lines."""
        return plain(self.words, self.passage.form)

    @property
    def earlier(self) -> str:
        """The words readers have now, in plain lines."""
        return plain(self.before, self.passage.form)


def sides_of(one: Waiting) -> list[Side]:
    """Return the passages of a translation: what the source says, the words, and those readers have now."""
    if one.kind != TRANSLATION:
        return []
    live = one.live.words if one.live is not None else {}
    words = one.record.words
    return [
        Side(passage, words.get(passage.key, ""), live.get(passage.key, ""))
        for passage in passages_of(one.record.source)
    ]
