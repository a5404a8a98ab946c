"""Which chapters say something else than before: what a short quiz on a new edition is drawn from."""

from kb.manuals.comparison import Change, compare, counterparts
from kb.manuals.queries import chapters_of
from kb.models import ManualEdition

TELLING = frozenset({Change.ADDED, Change.CHANGED})


def changed_chapters(old: ManualEdition, new: ManualEdition) -> set[int]:
    """Return the keys of the chapters that were added or say something else, in every edition of the manual.

    A chapter that only moved says the same; one that was removed is asked about no more.
    """
    before, after = _chapters(old), _chapters(new)
    told = [change for change in compare(before, after) if TELLING & set(change.changes)]
    found = {chapter.pk for change in told for chapter in (change.old, change.new) if chapter is not None}
    changed = {change.old.pk for change in told if change.old is not None}
    earlier = ManualEdition.objects.published().filter(manual=new.manual_id).exclude(pk__in=[old.pk, new.pk])
    for edition in earlier:
        found |= {one.pk for one, other in counterparts(_chapters(edition), before) if other.pk in changed}
    return found


def carried_chapters(chapters: set[int], old: ManualEdition, new: ManualEdition) -> set[int]:
    """Return the keys of the chapters of ``new`` that are those of ``old`` among ``chapters`` once more."""
    return {other.pk for one, other in counterparts(_chapters(old), _chapters(new)) if one.pk in chapters}


def _chapters(edition: ManualEdition) -> list:
    return list(chapters_of([edition]))
