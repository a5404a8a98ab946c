"""Move chapters of a draft edition in its tree; a chapter takes what stands below it along, and all are renumbered."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kb.errors import ChapterCannotMove, EditionIsPublished
from kb.manuals.tree import DEEPEST, depth_of, numbered, place
from kb.models import ManualChapter, ManualEdition
from portal.access import audit


class Move(models.TextChoices):
    """What can be done with a chapter in the outline."""

    UP = "up", _("Move up")
    DOWN = "down", _("Move down")
    INDENT = "indent", _("Indent")
    OUTDENT = "outdent", _("Outdent")


# A chapter's index in reading order, or its depth: what a move works on.
Row = tuple[ManualChapter, int]


@transaction.atomic
def move_chapter(chapter: ManualChapter, move: Move, *, by: Any = None) -> ManualChapter:
    """Move a chapter of a draft with all below it and renumber the edition; return it with its new number.

    Raises:
        EditionIsPublished: the edition is frozen.
        ChapterCannotMove: it is the first already, stands as deep as chapters go, or the like.
    """
    edition = ManualEdition.objects.select_for_update().get(pk=chapter.edition_id)
    if edition.is_published:
        raise EditionIsPublished(edition=edition.edition)
    rows = [(one, depth_of(one.number)) for one in _in_order(edition)]
    start = next((index for index, (one, _depth) in enumerate(rows) if one.pk == chapter.pk), None)
    moved = None if start is None else _MOVES[move](rows, start, _end(rows, start))
    if moved is None:
        raise ChapterCannotMove(chapter=str(chapter), move=move.label)
    before = chapter.number
    _write(moved)
    chapter.refresh_from_db()
    audit.record(
        "kb.chapter_moved",
        edition,
        actor=by,
        manual=edition.manual.number,
        edition=edition.edition,
        chapter=chapter.title,
        changes=[{"field": "number", "old": before, "new": chapter.number}],
    )
    return chapter


@transaction.atomic
def settle_order(edition: ManualEdition) -> None:
    """Have the chapters of a draft stand in the order of their numbers, which is what editors type."""
    chapters = _in_order(edition)
    for position, chapter in enumerate(chapters):
        chapter.sort_order = position
    ManualChapter.objects.bulk_update(chapters, ["sort_order"])


def _in_order(edition: ManualEdition) -> list[ManualChapter]:
    return sorted(edition.chapters.model.objects.filter(edition=edition), key=lambda chapter: place(chapter.number))


def _end(rows: list[Row], start: int) -> int:
    """Return where what stands below the entry at ``start`` ends."""
    depth = rows[start][1]
    return next((index for index in range(start + 1, len(rows)) if rows[index][1] <= depth), len(rows))


def _up(rows: list[Row], start: int, end: int) -> list[Row] | None:
    """Change places with the sibling before; a first child has none."""
    depth = rows[start][1]
    above = next((index for index in range(start - 1, -1, -1) if rows[index][1] <= depth), None)
    if above is None or rows[above][1] < depth:
        return None
    return [*rows[:above], *rows[start:end], *rows[above:start], *rows[end:]]


def _down(rows: list[Row], start: int, end: int) -> list[Row] | None:
    """Change places with the sibling after; a last child has none."""
    if end == len(rows) or rows[end][1] < rows[start][1]:
        return None
    after = _end(rows, end)
    return [*rows[:start], *rows[end:after], *rows[start:end], *rows[after:]]


def _indent(rows: list[Row], start: int, end: int) -> list[Row] | None:
    """Become the last child of the sibling before."""
    deepest = max(depth for _chapter, depth in rows[start:end])
    if deepest >= DEEPEST or _up(rows, start, end) is None:
        return None
    return _shifted(rows, start, end, 1)


def _outdent(rows: list[Row], start: int, end: int) -> list[Row] | None:
    """Stand after the parent instead of below it; younger siblings come below it, since the order stays."""
    return _shifted(rows, start, end, -1) if rows[start][1] > 1 else None


def _shifted(rows: list[Row], start: int, end: int, by: int) -> list[Row]:
    return [*rows[:start], *((chapter, depth + by) for chapter, depth in rows[start:end]), *rows[end:]]


_MOVES = {Move.UP: _up, Move.DOWN: _down, Move.INDENT: _indent, Move.OUTDENT: _outdent}


def _write(rows: list[Row]) -> None:
    """Store order and numbers; in two steps, since a number may stand once in an edition at any moment."""
    chapters = [chapter for chapter, _depth in rows]
    for position, chapter in enumerate(chapters):
        chapter.sort_order, chapter.number = position, f"0.{position}"
    ManualChapter.objects.bulk_update(chapters, ["sort_order", "number"])
    for chapter, number in zip(chapters, numbered(depth for _chapter, depth in rows), strict=True):
        chapter.number = number
    ManualChapter.objects.bulk_update(chapters, ["number"])
