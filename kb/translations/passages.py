"""Cut records into the passages that are translated one by one, each under a key that stays when others come and go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.models import (
    Bulletin,
    CausePair,
    DiagnosisGuide,
    DiagnosisStep,
    FaultArticle,
    Manual,
    ManualChapter,
    SafetyNote,
)
from kb.pictures.raw import block_name

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
GUIDE_FIELDS: tuple[tuple[str, str, str | Promise], ...] = (
    ("title", LINE, gettext_lazy("title")),
    ("symptom", LINE, gettext_lazy("symptom")),
    ("aliases", TEXT, gettext_lazy("what people say")),
    ("tools", TEXT, gettext_lazy("tools")),
)
BULLETIN_FIELDS: tuple[tuple[str, str, str | Promise], ...] = (
    ("title", LINE, gettext_lazy("title")),
    ("summary", LINE, gettext_lazy("summary")),
    ("aliases", TEXT, gettext_lazy("what people say")),
    ("tools", TEXT, gettext_lazy("tools")),
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
        is_closed: says how hazardous work is done, which is not for everybody who may read the rest.
        about: what the words belong to, such as a picture: with another one they may not hold any more.
    """

    key: str
    label: str
    text: str
    form: str = LINE
    is_warning: bool = False
    is_closed: bool = False
    about: str = ""

    @property
    def said(self) -> str:
        """What is kept of it with its translation, to see later whether it still says that."""
        return f"{self.text}\n{self.about}" if self.about else self.text


def says_something(text: str) -> bool:
    """Whether there is anything to translate: a figure or a dash reads the same in every language."""
    return any(character.isalpha() for character in text)


def note_key(note: SafetyNote) -> str:
    """Return the key of a warning of an article."""
    return f"safety_notes.{note.pk}"


def pair_key(pair: CausePair, field: str) -> str:
    """Return the key of a field of a cause."""
    return f"pairs.{pair.pk}.{field}"


def step_key(step: DiagnosisStep, field: str) -> str:
    """Return the key of a field of a step: of its pictures, the beginning of their keys."""
    return f"steps.{step.key}.{field}"


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
    found += _of_pictures("pictures", article.pictures)
    for number, pair in enumerate(article.pairs.all() if pairs is None else pairs, start=1):
        for name, form, label in PAIR_FIELDS:
            found.append(Passage(pair_key(pair, name), f"{number} · {label}", getattr(pair, name), form))
        found += _of_pictures(pair_key(pair, "pictures"), pair.pictures)
    return _translatable(found)


def _translatable(found: Iterable[Passage]) -> list[Passage]:
    return [passage for passage in found if says_something(passage.text)]


def passages_of_guide(guide: DiagnosisGuide) -> list[Passage]:
    """Return the passages of a guide: its warnings, and question, way and pictures of each step."""
    found = [Passage(name, str(label), getattr(guide, name), form) for name, form, label in GUIDE_FIELDS]
    found.append(Passage("safety", _("safety"), guide.safety, TEXT, is_warning=True))
    for step in guide.steps.all():
        hazardous = bool(step.task)
        label = _("step %(key)s") % {"key": step.key}
        found += [
            Passage(step_key(step, "text"), f"{label} · {_('question or result')}", step.text),
            Passage(step_key(step, "warning"), f"{label} · {_('warning')}", step.warning, is_warning=True),
            Passage(step_key(step, "detail"), f"{label} · {_('how')}", step.detail, TEXT, is_closed=hazardous),
            *_of_pictures(step_key(step, "pictures"), step.pictures, is_closed=hazardous),
        ]
    return _translatable(found)


def passages_of_bulletin(bulletin: Bulletin) -> list[Passage]:
    """Return the passages of a bulletin: what it is called and asks for, and its text as that of a chapter."""
    found = [Passage(name, str(label), getattr(bulletin, name), form) for name, form, label in BULLETIN_FIELDS]
    return _translatable([*found, *_of_body(bulletin.body)])


def passages_of_manual(manual: Manual) -> list[Passage]:
    """Return what a manual is called and what it is about."""
    found = [Passage("title", _("title"), manual.title), Passage("summary", _("summary"), manual.summary)]
    return _translatable(found)


def passages_of_chapter(chapter: ManualChapter) -> list[Passage]:
    """Return the passages of a chapter: its title, its texts, its warnings, its pictures, the cells of its tables."""
    return _translatable([Passage("title", _("title"), chapter.title), *_of_body(chapter.body)])


def _of_body(body: Any) -> Iterator[Passage]:
    for position, block in enumerate(body.raw_data):
        yield from _of_block(block_key(block, position), block["type"], block["value"])


def _of_pictures(key: str, stream: Any, *, is_closed: bool = False) -> Iterator[Passage]:
    for position, block in enumerate(stream.raw_data if stream else ()):
        yield from _of_picture(f"{key}.{block_name(block, position)}", block["type"], block["value"], is_closed)


def _of_picture(key: str, kind: str, value: Any, is_closed: bool = False) -> Iterator[Passage]:
    """Return the words of a picture, which hold for this picture alone: what it shows, what stands below it."""
    if kind == "video":
        about = f"[video {value.get('document') or 0}]"
        words = [("description", _("what the video shows"), value.get("description"))]
    else:
        image = value.get("image")
        is_described = isinstance(image, dict)
        about = f"[picture {(image.get('image') if is_described else image) or 0}]"
        words = [
            ("alt", _("what the picture shows"), image.get("alt_text") if is_described else ""),
            ("caption", _("caption of the picture"), value.get("caption")),
            ("part", _("part shown"), value.get("part")),
            *(
                (callout_key(number), _("callout %(number)d") % {"number": number}, callout_value(row).get("label"))
                for number, row in enumerate(value.get("callouts") or (), start=1)
            ),
        ]
    for name, label, text in words:
        yield Passage(f"{key}.{name}", label, str(text or ""), is_closed=is_closed, about=about)


def callout_key(number: int) -> str:
    """Return the end of the key of a callout, counted from one."""
    return f"callout.{number}"


def callout_value(row: Any) -> dict[str, Any]:
    """Return the stored value of a callout, which older revisions hold without a number of its own."""
    found: dict[str, Any] = row.get("value", row)
    return found


def block_key(block: Any, position: int) -> str:
    """Return the key of a block of a chapter; copies of the chapter in later editions keep it."""
    return f"body.{block_name(block, position)}"


def cell_key(key: str, row: int, column: int) -> str:
    """Return the key of a cell of the table ``key``."""
    return f"{key}.{row}.{column}"


def _of_block(key: str, kind: str, value: Any) -> Iterator[Passage]:
    if kind == "text":
        yield Passage(key, _("text"), str(value or ""), RICH)
    elif kind == "safety":
        yield Passage(key, _("warning"), str(value.get("text") or ""), RICH, is_warning=True)
    elif kind in ("figure", "video"):
        yield from _of_picture(key, kind, value)
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
    "guide": Kind(DiagnosisGuide, passages_of_guide, "diagnosisguide"),
    "bulletin": Kind(Bulletin, passages_of_bulletin, "bulletin"),
}
