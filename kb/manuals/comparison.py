"""Compare two editions of a manual chapter by chapter: added, removed, moved, renamed; words and tables marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.manuals.decisions import are_alike, bare
from kb.manuals.units import ROW, Unit, units_of
from kb.models import ManualChapter
from kb.word_diff import EDITED, IN, OUT, SAME, Span, likeness, spans


class Change(models.TextChoices):
    """What became of a chapter."""

    ADDED = "added", _("Added")
    REMOVED = "removed", _("Removed")
    MOVED = "moved", _("Moved")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")


@dataclass(frozen=True)
class Line:
    """A paragraph or a row of a table as it is shown.

    Attributes:
        kind: the kind of its unit, see :mod:`kb.manuals.units`.
        state: ``same``, ``out``, ``in`` or ``edited``.
        cells: its text in pieces; a paragraph is one cell.
    """

    kind: str
    state: str
    cells: list[list[Span]]


@dataclass
class ChapterChange:
    """A chapter of either edition and what differs in it.

    Attributes:
        old: the chapter in the earlier edition, None when it was added.
        new: the chapter in the later one, None when it was removed.
        lines: what differs in the text, with a line of context on either side; empty when the text is the same.
    """

    old: ManualChapter | None
    new: ManualChapter | None
    lines: list[Line] = field(default_factory=list)

    @property
    def shown(self) -> ManualChapter:
        """The chapter that names it: the new one where there is one."""
        chapter = self.new or self.old
        assert chapter is not None
        return chapter

    @property
    def is_moved(self) -> bool:
        """Whether it has another number now."""
        return self.old is not None and self.new is not None and self.old.number != self.new.number

    @property
    def changes(self) -> list[Change]:
        """What became of it; a chapter may be moved and changed."""
        if self.old is None:
            return [Change.ADDED]
        if self.new is None:
            return [Change.REMOVED]
        is_edited = bool(self.lines) or self.old.title != self.new.title
        found = [change for change, holds in ((Change.MOVED, self.is_moved), (Change.CHANGED, is_edited)) if holds]
        return found or [Change.SAME]

    @property
    def is_same(self) -> bool:
        """Whether nothing became of it."""
        return self.changes == [Change.SAME]

    @property
    def title(self) -> list[Span]:
        """Its title with the words that changed."""
        if self.old is None or self.new is None:
            return [Span(SAME, self.shown.title)]
        return spans(self.old.title, self.new.title)


def compare(old: Sequence[ManualChapter], new: Sequence[ManualChapter]) -> list[ChapterChange]:
    """Return what became of every chapter, in the order of the new edition; a removed one stands where it stood.

    Args:
        old, new: chapters in reading order.
    """
    pairs = counterparts(old, new)
    found: list[ChapterChange] = []
    came_from = {after.pk: before for before, after in pairs}
    kept = {before.pk for before, _after in pairs}
    removed = iter([(index, chapter) for index, chapter in enumerate(old) if chapter.pk not in kept])
    positions = {chapter.pk: index for index, chapter in enumerate(old)}
    waiting = next(removed, None)
    for chapter in new:
        before = came_from.get(chapter.pk)
        while waiting and before is not None and waiting[0] < positions[before.pk]:
            found.append(_change(waiting[1], None))
            waiting = next(removed, None)
        found.append(_change(before, chapter))
    while waiting:
        found.append(_change(waiting[1], None))
        waiting = next(removed, None)
    return found


def counterparts(
    old: Iterable[ManualChapter], new: Iterable[ManualChapter]
) -> list[tuple[ManualChapter, ManualChapter]]:
    """Return the chapters that are one chapter in both editions, each once.

    The same number and title first, then the same title elsewhere (moved), then a like title under the same number.
    """
    left, right = list(old), list(new)
    rules = (
        lambda one, other: one.number == other.number and bare(one.title) == bare(other.title),
        lambda one, other: bare(one.title) == bare(other.title),
        lambda one, other: one.number == other.number and are_alike(one, other),
    )
    pairs = []
    for rule in rules:
        for one in list(left):
            other = next((candidate for candidate in right if rule(one, candidate)), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    return pairs


def _change(old: ManualChapter | None, new: ManualChapter | None) -> ChapterChange:
    before, after = (units_of(chapter.body.raw_data) if chapter else [] for chapter in (old, new))
    return ChapterChange(old, new, [] if before == after else list(_with_context(list(_lines(before, after)))))


def _lines(before: list[Unit], after: list[Unit]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield from (_whole(unit, SAME) for unit in after[new_start:new_end])
        else:
            yield from _replaced(before[start:end], after[new_start:new_end])


def _replaced(gone: list[Unit], come: list[Unit]) -> Iterator[Line]:
    """Pair each unit that went with the first later one that is an edit of it; the rest went and came."""
    left = list(gone)
    for unit in come:
        edited = next((one for one in left if _is_edit(one, unit)), None)
        if edited is None:
            yield _whole(unit, IN)
            continue
        index = left.index(edited)
        yield from (_whole(one, OUT) for one in left[:index])
        del left[: index + 1]
        yield Line(unit.kind, "edited", [spans(*cells) for cells in zip(edited.cells, unit.cells, strict=True)])
    yield from (_whole(one, OUT) for one in left)


def _is_edit(one: Unit, other: Unit) -> bool:
    if one.kind != other.kind or len(one.cells) != len(other.cells):
        return False
    if one.kind == ROW and one.cells[0] == other.cells[0]:
        return True
    return likeness(" ".join(one.cells), " ".join(other.cells)) >= EDITED


def _whole(unit: Unit, state: str) -> Line:
    return Line(unit.kind, state, [[Span(state, cell)] for cell in unit.cells])


def _with_context(lines: list[Line]) -> Iterator[Line]:
    """Yield what differs and a line of what stands before and after it."""
    for index, line in enumerate(lines):
        near = lines[max(0, index - 1) : index + 2]
        if line.state != SAME or any(one.state != SAME for one in near):
            yield line
