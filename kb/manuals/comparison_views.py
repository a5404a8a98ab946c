"""Page that compares two editions of a manual; drafts are compared by editors only."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kb.manuals.comparison import Change, ChapterChange, compare
from kb.manuals.queries import chapters_of, editions_to_compare
from kb.models import Manual, ManualEdition
from portal.audiences import can_open, hide


@require_safe
def comparison(request: HttpRequest, number: str) -> HttpResponse:
    """Show what became of every chapter from the edition ``from`` to the edition ``to`` (A-0); the last two by default.

    Raises:
        Http404: no manual with two editions this reader may compare, or no edition of this name.
    """
    manual = Manual.objects.select_related("category").filter(number=number).first()
    if manual is None:
        raise Http404
    if not can_open(request.user, manual.audience):
        hide()
    editions = editions_to_compare(manual, request.user)
    if len(editions) < 2:
        raise Http404
    new = _named(editions, request.GET.get("to"), editions[0])
    earlier = editions[editions.index(new) + 1 :]
    old = _named(editions, request.GET.get("from"), earlier[0] if earlier else editions[-1])
    changes = compare(*_chapters(old, new))
    facts = {
        "manual": manual,
        "editions": editions,
        "old": old,
        "new": new,
        "changes": [change for change in changes if not change.is_same],
        "counts": _counts(changes),
        "unchanged": [change.shown for change in changes if change.is_same],
    }
    return render(request, "kb/manuals/comparison.html", facts)


def comparison_url(old: ManualEdition, new: ManualEdition) -> str:
    """Return where two editions of a manual are compared."""
    return f"{reverse('kb:edition_comparison', args=[new.manual.number])}?from={old.slug}&to={new.slug}"


def _named(editions: list[ManualEdition], slug: str | None, default: ManualEdition) -> ManualEdition:
    if not slug:
        return default
    found = next((edition for edition in editions if edition.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _chapters(old: ManualEdition, new: ManualEdition) -> tuple[list[Any], list[Any]]:
    chapters = list(chapters_of([old, new]))
    first, second = ([one for one in chapters if one.edition_id == edition.pk] for edition in (old, new))
    return first, second


def _counts(changes: list[ChapterChange]) -> list[tuple[str, int]]:
    counts = [(change.label, sum(change in one.changes for one in changes)) for change in Change]
    return [(label, count) for label, count in counts if count]
