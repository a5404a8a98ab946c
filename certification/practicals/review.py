"""Items of checklists whose section has changed: somebody is asked whether they still hold.

An item cites a chapter or a fault article, and ``ItemReview.cited`` keeps what that said when the two were last
compared. When an edition or an article is published, items whose section says something else are asked about. Unlike a
question, which is left out of the next draw, an item cannot be left out: practicals go on with the checklist as it was
approved. Saying that it still holds, or approving other words or another section for it, ends that.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.models import Checklist, ChecklistItem, ItemReview
from certification.sections import state_of
from kb.models import FaultArticle, ManualEdition
from portal.access import audit
from portal.errors import NotAllowed
from portal.models import Person

PERMISSION = "certification.change_checklist"


def citing_items() -> QuerySet[ChecklistItem]:
    """Return the items that cite something, with what they cite and their review."""
    cited = ChecklistItem.objects.exclude(chapter=None, article=None)
    return cited.select_related("checklist", "review", "chapter__edition__manual", "article__live_revision")


@transaction.atomic
def checklist_approved(checklist: Checklist, *, at: dt.datetime | None = None) -> None:
    """Compare the items whose words or section the approved version brings; others stay as they were looked at.

    A draft may have waited while the edition it cites was replaced: such an item is asked about at once.
    """
    ItemReview.objects.filter(item__checklist=checklist, item__chapter=None, item__article=None).delete()
    for item in citing_items().filter(checklist=checklist):
        known = getattr(item, "review", None)
        state = _state(item)
        if known is not None and _what(known.cited) == _what(state):
            continue
        ItemReview.objects.update_or_create(item=item, defaults={"cited": state, "asked_at": None, "asked_because": ""})
        if state.get("in_force") != state.get("edition"):
            facts = {"manual": item.chapter.edition.manual, "edition": state["in_force"]}
            _ask(item, _("%(manual)s, edition %(edition)s, was published.") % facts, at)


def _state(item: ChecklistItem) -> dict[str, Any]:
    return state_of(item) | {"words": [item.text, item.expected]}


def _what(cited: dict[str, Any]) -> tuple[Any, ...]:
    """Return what an approval may have changed: the section named and the words beside it."""
    return cited.get("chapter"), cited.get("article"), cited.get("words")


def edition_published(edition: ManualEdition) -> int:
    """Ask about the items that cite a manual whose new edition says something else; return how many."""
    facts = {"manual": edition.manual, "edition": edition.edition}
    cited = citing_items().filter(chapter__edition__manual=edition.manual_id)
    return _ask_changed(cited, _("%(manual)s, edition %(edition)s, was published.") % facts)


def article_published(article: FaultArticle) -> int:
    """Ask about the items that cite an article whose new revision says something else; return how many."""
    because = _("Article %(number)s was changed.") % {"number": article.number}
    return _ask_changed(citing_items().filter(article=article), because)


@transaction.atomic
def _ask_changed(items: Iterable[ChecklistItem], because: str) -> int:
    changed = [
        item
        for item in items
        if hasattr(item, "review") and item.review.cited.get("digest") != state_of(item).get("digest")
    ]
    return sum(_ask(item, because, None) for item in changed)


def _ask(item: ChecklistItem, because: str, at: dt.datetime | None) -> bool:
    """Have the item looked at; False where that is asked already."""
    review = ItemReview.objects.select_for_update().get(item=item)
    if review.asked_at is not None:
        return False
    review.asked_at, review.asked_because = at or timezone.now(), because[:300]
    review.save(update_fields=["asked_at", "asked_because"])
    audit.record("certification.item_asked_about", item.checklist, item=item.text, because=because)
    return True


def items_to_review() -> QuerySet[ChecklistItem]:
    """Return the items somebody must look at, longest first."""
    return citing_items().filter(review__asked_at__isnull=False).order_by("review__asked_at", "pk")


@transaction.atomic
def confirm_item(item: ChecklistItem, *, by: Person) -> None:
    """Say that an item still holds as it is. A second call changes nothing.

    Raises:
        NotAllowed: not somebody who keeps checklists.
    """
    if not by.has_perm(PERMISSION):
        raise NotAllowed
    review = ItemReview.objects.select_for_update().filter(item=item, asked_at__isnull=False).first()
    if review is None:
        return
    review.cited, review.asked_at, review.asked_because = _state(citing_items().get(pk=item.pk)), None, ""
    review.save()
    audit.record("certification.item_reviewed", item.checklist, actor=by, item=item.text, cited=review.cited)
