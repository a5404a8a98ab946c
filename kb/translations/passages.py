"""Cut records into the passages that are translated one by one, each under a key that stays when others come and go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.models import CausePair, FaultArticle, Manual, ManualChapter, SafetyNote

LINE, TEXT, RICH = "line", "text", "rich"
#: What the editor may set in rich text, as in chapters themselves.
RICH_FEATURES = ("h3", "h4", "bold", "ol", "ul", "link", "document-link")

ARTICLE_FIELDS: tuple[tuple[str, str, str | Promise], ...] = (
    ("title", LINE, gettext_lazy("title")),
    ("symptom", LINE, gettext_lazy("symptom")),
    ("aliases", TEXT, gettext_lazy("what people say")),
    ("distinction", TEXT, gettext_lazy("distinguishing signs")),
    ("display_where", LINE, gettext_lazy("where the code is shown")),
    ("judgement", TEXT, gettext_lazy("set when")),
    ("clear_when", TEXT, gettext_lazy("cleared when")),
    ("repeat_rule", LINE, gettext_lazy("when it comes back")),
    ("model_scope", LINE, gettext_lazy("scope in words")),
    ("who_may_do", LINE, gettext_lazy("who may do it")),
    ("tools", TEXT, gettext_lazy("tools")),
    ("parts", TEXT, gettext_lazy("spare parts")),
)
PAIR_FIELDS: tuple[tuple[str, str, str | Promise], ...] = (
    ("cause", LINE, gettext_lazy("possible cause")),
    ("check_text", TEXT, gettext_lazy("check")),
    ("remedy", TEXT, gettext_lazy("remedy")),
    ("part", LINE, gettext_lazy("part")),
    ("dose", LINE, gettext_lazy("dose")),
    ("withdrawal", LINE, gettext_lazy("withdrawal period")),
)


@dataclass(frozen=True)
class Passage:
    """A piece of text that is translated by itself.

    Args:
        key: names it within its record, for good.
        form: :data:`LINE`, :data:`TEXT` or :data:`RICH`.
        is_warning: shown in the words of the source always; the translation stands below as an aid.
    """

    key: str
    label: str
    text: str
    form: str = LINE
    is_warning: bool = False


def says_something(text: str) -> bool:
    """Whether there is anything to translate: a figure or a dash reads the same in every language."""
    return any(character.isalpha() for character in text)


def note_key(note: SafetyNote) -> str:
    """Return the key of a warning of an article."""
    return f"safety_notes.{note.pk}"


def pair_key(pair: CausePair, field: str) -> str:
    """Return the key of a field of a cause."""
    return f"pairs.{pair.pk}.{field}"


def passages_of_article(
    article: FaultArticle, pairs: Iterable[CausePair] | None = None, notes: Iterable[SafetyNote] | None = None
) -> list[Passage]:
    """Return the passages of a published article.

    Args:
        pairs, notes: its rows where they were read already.
    """
    found = [Passage(name, str(label), getattr(article, name), form) for name, form, label in ARTICLE_FIELDS]
    for note in article.safety_notes.all() if notes is None else notes:
        found.append(Passage(note_key(note), _("warning"), note.text, LINE, is_warning=True))
    for number, pair in enumerate(article.pairs.all() if pairs is None else pairs, start=1):
        for name, form, label in PAIR_FIELDS:
            found.append(Passage(pair_key(pair, name), f"{number} · {label}", getattr(pair, name), form))
    return [passage for passage in found if says_something(passage.text)]


def passages_of_manual(manual: Manual) -> list[Passage]:
    """Return what a manual is called and what it is about."""
    found = [Passage("title", _("title"), manual.title), Passage("summary", _("summary"), manual.summary)]
    return [passage for passage in found if says_something(passage.text)]


def passages_of_chapter(chapter: ManualChapter) -> list[Passage]:
    """Return the passages of a chapter: its title, its texts, its warnings, the cells of its tables.

    Pictures are shared by all languages, their words with them.
    """
    found = [Passage("title", _("title"), chapter.title)]
    for position, block in enumerate(chapter.body.raw_data):
        found.extend(_of_block(block_key(block, position), block["type"], block["value"]))
    return [passage for passage in found if says_something(passage.text)]


def block_key(block: Any, position: int) -> str:
    """Return the key of a block of a chapter; copies of the chapter in later editions keep it."""
    return f"body.{block.get('id') or position}"


def cell_key(key: str, row: int, column: int) -> str:
    """Return the key of a cell of the table ``key``."""
    return f"{key}.{row}.{column}"


def _of_block(key: str, kind: str, value: Any) -> Iterator[Passage]:
    if kind == "text":
        yield Passage(key, _("text"), str(value or ""), RICH)
    elif kind == "safety":
        yield Passage(key, _("warning"), str(value.get("text") or ""), RICH, is_warning=True)
    elif kind == "table":
        if caption := value.get("table_caption"):
            yield Passage(f"{key}.caption", _("caption of the table"), str(caption))
        for row, cells in enumerate(value.get("data") or ()):
            for column, cell in enumerate(cells):
                label = _("table, row %(row)d, column %(column)d") % {"row": row + 1, "column": column + 1}
                yield Passage(cell_key(key, row, column), label, str(cell or ""), TEXT)


def passages_of(source: Any) -> list[Passage]:
    """Return the passages of a record of any kind that is translated."""
    return KINDS[kind_of(source)].passages(source)


def kind_of(source: Any) -> str:
    """Return the name of the kind of a record, which is also the field of a translation that names it."""
    return next(name for name, kind in KINDS.items() if isinstance(source, kind.model))


@dataclass(frozen=True)
class Kind:
    """A kind of record that is translated.

    Args:
        passages: cuts a record of it.
        permission: of whom changes it; the one that publishes is named alike.
    """

    model: type
    passages: Any
    permission: str


KINDS = {
    "article": Kind(FaultArticle, passages_of_article, "faultarticle"),
    "chapter": Kind(ManualChapter, passages_of_chapter, "manualedition"),
    "manual": Kind(Manual, passages_of_manual, "manualedition"),
}
