"""Citation source: chapters that items of checklists name to read again where something was not done properly."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.models import ChecklistItem, ItemReview
from kb.manuals.citations import Citation, CitationKey, CitationSource

KIND = "item"
EDIT_VIEW = "checklist:edit"


def citing(chapters: Collection[int]) -> Iterator[Citation]:
    """Yield the items in effect that cite one of ``chapters``; a draft that waits is looked at when it is approved."""
    items = ChecklistItem.objects.filter(chapter__in=chapters).select_related("checklist")
    for item in items.order_by("checklist__code", "sort_order", "pk"):
        key = CitationKey(KIND, item.pk, item.chapter_id)
        yield Citation(key, f"{item.checklist} · {item}", reverse(EDIT_VIEW, args=[item.checklist_id]))


def repoint(records: Collection[int], old: int, new: int | None) -> int:
    """Have the items that cite ``old`` cite ``new``; return how many did.

    What is to be read is no part of the bar: whoever publishes the edition decides it, without a second person.
    """
    reviews = ItemReview.objects.filter(item__in=records, item__chapter=old)
    if new is None:
        reviews.delete()
    moved = list(reviews.select_for_update())
    for review in moved:
        review.cited["chapter"] = new
    ItemReview.objects.bulk_update(moved, ["cited"])
    return ChecklistItem.objects.filter(pk__in=records, chapter=old).update(chapter=new)


source = CitationSource(
    kind=KIND,
    label=_("Checklist items"),
    model=ChecklistItem,
    permission="certification.change_checklist",
    citing=citing,
    repoint=repoint,
)
