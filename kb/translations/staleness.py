"""What changed in a source since its translation was made, passage by passage."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext_lazy as _

from kb.models import ContentTranslation
from kb.translations.passages import RICH, Passage
from kb.word_diff import IN, OUT, Span, spans

_PARAGRAPH_END = re.compile(r"</(p|h[1-6]|li)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True)
class Changed:
    """A passage that is not what was translated any more.

    Args:
        key: of the passage.
        spans: its words then and now, in pieces.
    """

    key: str
    label: str
    spans: list[Span]


def plain(text: str, form: str = RICH) -> str:
    """Return rich text as plain lines; other text as it is."""
    if form != RICH:
        return text
    return "\n".join(
        line.strip() for line in unescape(_TAG.sub("", _PARAGRAPH_END.sub("\n", text))).splitlines() if line.strip()
    )


def compared(text: str, form: str = RICH) -> str:
    """Return a passage as it is compared: its words, and where its links lead, for they belong to what it says."""
    return plain(_LINK.sub(_with_target, text) if form == RICH else text, form)


def _with_target(link: re.Match[str]) -> str:
    named = dict(_ATTRIBUTE.findall(link[1]))
    target = named.get("href") or " ".join(filter(None, (named.get("linktype"), named.get("id"))))
    return f"{link[2]} [{target}]" if target else link[2]


def changed_since(translated: Mapping[str, str], passages: Iterable[Passage]) -> list[Changed]:
    """Return the passages that were changed, added or taken out since they were translated.

    Args:
        translated: what each passage said in the source when it was translated.
        passages: of the source now.
    """
    found, present = [], set()
    for passage in passages:
        present.add(passage.key)
        before, now = translated.get(passage.key), compared(passage.said, passage.form)
        if before is None:
            found.append(Changed(passage.key, passage.label, [Span(IN, now)]))
        elif (then := compared(before, passage.form)) != now:
            found.append(Changed(passage.key, passage.label, spans(then, now)))
    gone = [(key, text) for key, text in translated.items() if key not in present]
    return [*found, *(Changed(key, str(_("taken out")), [Span(OUT, plain(text))]) for key, text in gone)]


def changes_of(translation: ContentTranslation, passages: Iterable[Passage]) -> list[Changed]:
    """Return what changed in the source of ``translation`` since; nothing where it is fresh."""
    return changed_since(translation.source_words, passages)


def is_fresh(translation: ContentTranslation, passage: Passage) -> bool:
    """Whether a passage says what it said when it was translated."""
    before = translation.source_words.get(passage.key)
    return before is not None and compared(before, passage.form) == compared(passage.said, passage.form)


def words_that_hold(translation: ContentTranslation, passages: Iterable[Passage]) -> dict[str, str]:
    """Return the words of the passages there are, by key, without those of passages that changed since."""
    return {
        passage.key: words
        for passage in passages
        if (words := translation.words.get(passage.key)) and is_fresh(translation, passage)
    }


def untranslated(translation: ContentTranslation, passages: Iterable[Passage]) -> int:
    """Return how many passages have no words in the language yet."""
    return sum(not translation.words.get(passage.key) for passage in passages)
