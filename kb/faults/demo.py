"""Load the demo's draft edition whose fault chapter is compiled from articles (idempotent)."""

from django.db import transaction

from kb.faults.chapters import compile_chapter
from kb.manuals.domain import new_edition, next_edition_name
from kb.models import FaultArticle, Manual
from portal.registry.demo import data


@transaction.atomic
def load_compiled() -> dict[str, int]:
    """Start the next edition of each manual of compiled.json and write its chapter; one with a draft is left alone."""
    added = 0
    for row in data("compiled")["chapters"]:
        manual = Manual.objects.get(number=row["manual"])
        if manual.editions.drafts().exists():
            continue
        draft = new_edition(manual, next_edition_name(manual), changes=row["changes"])
        articles = list(FaultArticle.objects.filter(number__in=row["articles"], live=True).order_by("number"))
        compile_chapter(draft.chapters.get(number=row["chapter"]), articles)
        added += 1
    return {"compiled chapters": added}
