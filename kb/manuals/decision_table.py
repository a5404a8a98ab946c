"""Form of decisions on citations: one select per citation, grouped by chapter, usable without JavaScript."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kb.enums import CitationChoice, CounterpartFit
from kb.manuals.citations import Citation, CitationKey, citations_of, source_of
from kb.manuals.decisions import DROP, STAY, Decision, Proposal, propose
from kb.models import ManualChapter, ManualEdition

PREFIX = "citation"
# The select above a chapter's citations, and the button that sets all of them to it.
OF_CHAPTER = "chapter"
BULK = "bulk"
# A chapter with more citations is folded.
SHOWN = 12


@dataclass(frozen=True)
class Row:
    """A citation with what is chosen for it."""

    citation: Citation
    field: str
    value: str
    may_open: bool
    is_new: bool


@dataclass(frozen=True)
class Group:
    """The citations of one chapter of an earlier edition, by source."""

    chapter: ManualChapter
    proposal: Proposal
    value: str
    rows: list[tuple[Any, list[Row]]]
    count: int

    @property
    def field(self) -> str:
        """Name of the select that sets all citations of the chapter."""
        return f"{OF_CHAPTER}-{self.chapter.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is short enough, or needs eyes."""
        return self.count <= SHOWN or any(row.is_new for _label, rows in self.rows for row in rows)

    @property
    def warning(self) -> str:
        """What an editor must know before one lets these citations follow."""
        if self.proposal.fit == CounterpartFit.SAME:
            return ""
        if self.proposal.fit == CounterpartFit.MISSING:
            text = _("Would break if followed: the new edition has no chapter %(number)s.")
        else:
            text = _("Chapter %(number)s is “%(title)s” in the new edition.")
        same, other = self.proposal.same_number, self.proposal.counterpart
        text %= {"number": self.chapter.number, "title": same.title if same else ""}
        if other and other != same:
            text += _(" “%(title)s” is chapter %(number)s there.") % {"title": other.title, "number": other.number}
        return text


@dataclass(frozen=True)
class DecisionTable:
    """Everything that cites chapters of earlier editions, with the choices there are."""

    groups: list[Group]
    options: list[tuple[str, str]]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many citations there are."""
        return sum(group.count for group in self.groups)

    @property
    def following(self) -> int:
        """How many follow as things are chosen."""
        return self.total - self.staying - self.dropping

    @property
    def staying(self) -> int:
        """How many stay."""
        return self.counts.get(CitationChoice.STAY, 0)

    @property
    def dropping(self) -> int:
        """How many are dropped."""
        return self.counts.get(CitationChoice.DROP, 0)


def decision_table(
    edition: ManualEdition,
    cited: Iterable[ManualChapter],
    editor: Any,
    posted: Any = None,
    *,
    proposes: bool = True,
) -> DecisionTable:
    """Return the table for the citations of the chapters ``cited``, which may follow to chapters of ``edition``.

    Args:
        cited: chapters of earlier editions, with their ``edition``.
        editor: who decides; records that person may not open are named without a link.
        posted: the form as sent before; what it does not know yet is marked as new.
        proposes: whether citations start with what is proposed for their chapter, or else as staying.
    """
    chapters = list(cited)
    offered = list(edition.chapters.all())
    by_chapter: dict[int, list[Citation]] = {}
    for citation in citations_of(chapters):
        by_chapter.setdefault(citation.key.chapter, []).append(citation)
    groups = [
        _group(chapter, by_chapter[chapter.pk], propose(chapter, offered), _Reading(editor, posted, proposes))
        for chapter in chapters
        if chapter.pk in by_chapter
    ]
    options = [(CitationChoice.STAY.value, _("Stay"))]
    options += [
        (str(one.pk), _("Follow to %(chapter)s") % {"chapter": f"{edition.edition} · {one}"}) for one in offered
    ]
    options.append((CitationChoice.DROP.value, str(CitationChoice.DROP.label)))
    counts = Counter(row.value for group in groups for _label, rows in group.rows for row in rows)
    return DecisionTable(groups, options, counts)


@dataclass(frozen=True)
class _Reading:
    """Who looks at the table and what was chosen in it before."""

    editor: Any
    posted: Any
    proposes: bool

    def value_of_chapter(self, chapter: ManualChapter, proposal: Proposal) -> str:
        """Return what the select of the whole chapter says: the counterpart, where there is one to follow to."""
        chosen = self.posted.get(f"{OF_CHAPTER}-{chapter.pk}") if self.posted else None
        return chosen or (str(proposal.counterpart.pk) if proposal.counterpart else value_of(STAY))

    def value(self, field: str, chapter: ManualChapter, proposal: Proposal) -> str:
        """Return what is chosen: by the button of the chapter, for the citation, or by the proposal."""
        chosen = None
        if self.posted:
            whole = self.posted.get(BULK) == str(chapter.pk)
            chosen = self.posted.get(f"{OF_CHAPTER}-{chapter.pk}" if whole else field)
        return chosen or value_of(proposal.decision if self.proposes else STAY)


def _group(chapter: ManualChapter, citations: list[Citation], proposal: Proposal, reading: _Reading) -> Group:
    rows: dict[str, list[Row]] = {}
    for citation in citations:
        field = field_of(citation.key)
        row = Row(
            citation=citation,
            field=field,
            value=reading.value(field, chapter, proposal),
            may_open=reading.editor.has_perm(source_of(citation.key.source).permission),
            is_new=bool(reading.posted) and field not in reading.posted,
        )
        rows.setdefault(citation.key.source, []).append(row)
    by_source = [(source_of(kind).label, found) for kind, found in rows.items()]
    return Group(chapter, proposal, reading.value_of_chapter(chapter, proposal), by_source, len(citations))


def read_decisions(posted: Any) -> dict[CitationKey, Decision]:
    """Read the decisions of the form; what cannot be read is left out, and so found undecided by the verb."""
    found: dict[CitationKey, Decision] = {}
    for field, value in posted.items():
        key, decision = key_of(field), decision_of(value)
        if key is not None and decision is not None:
            found[key] = decision
    return found


def field_of(key: CitationKey) -> str:
    """Return the name of a citation's select; it names the chapter, so that a citation moved meanwhile is another."""
    return f"{PREFIX}-{key.source}-{key.record}-{key.chapter}"


def key_of(field: str) -> CitationKey | None:
    """Return the citation whose select is called ``field``, None for other fields."""
    prefix, _mark, rest = field.partition("-")
    parts = rest.split("-")
    if prefix != PREFIX or len(parts) != 3 or not (_is_key(parts[1]) and _is_key(parts[2])):
        return None
    return CitationKey(parts[0], int(parts[1]), int(parts[2]))


def value_of(decision: Decision) -> str:
    """Return a decision as a value of the select: stay, drop, or the key of the chapter to follow to."""
    return str(decision.target) if decision.target else decision.choice.value


def decision_of(value: str) -> Decision | None:
    """Return the decision a select says, None for what it cannot say."""
    if _is_key(value):
        return Decision(CitationChoice.FOLLOW, int(value))
    return {CitationChoice.STAY.value: STAY, CitationChoice.DROP.value: DROP}.get(value)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
