"""Citation source: chapters cited by topics of modules."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import ModuleTopic, TrainingModule
from kb.manuals.citations import Citation, CitationKey, CitationSource
from kb.manuals.drafts import amend_drafts

KIND = "topic"
EDIT_VIEW = "wagtailsnippets_courses_trainingmodule:edit"
#: The rows that say which topic cites which chapter.
Cited = ModuleTopic.chapters.through


def citing(chapters: Collection[int]) -> Iterator[Citation]:
    """Yield the topics that cite one of ``chapters``, those of drafts too."""
    cited = Cited.objects.filter(manualchapter__in=chapters).select_related("moduletopic__module")
    for row in cited.order_by("moduletopic__module__code", "moduletopic__sort_order", "moduletopic", "pk"):
        topic = row.moduletopic
        title = f"{topic.module.code} {topic.module.title} · {topic.text}"
        key = CitationKey(KIND, topic.pk, row.manualchapter_id)
        yield Citation(key, title, reverse(EDIT_VIEW, args=[topic.module_id]))


def repoint(records: Collection[int], old: int, new: int | None) -> int:
    """Have the topics that cite ``old`` cite ``new``, as published and in the drafts of their modules; return how many.

    Draft topics are known by their key, which those written since the last publication do not have yet.
    """
    cited = Cited.objects.filter(moduletopic__in=records, manualchapter=old)
    modules: dict[int, set[int]] = defaultdict(set)
    for module, topic in cited.values_list("moduletopic__module", "moduletopic"):
        modules[module].add(topic)
    topics = [topic for found in modules.values() for topic in found]

    def amend(content: dict[str, Any]) -> bool:
        moved = modules[content["pk"]]
        citing_old = [row for row in content["topics"] if row.get("pk") in moved and old in row.get("chapters", [])]
        for row in citing_old:
            row["chapters"] = _moved(row["chapters"], old, new)
        return bool(citing_old)

    amend_drafts(TrainingModule, list(modules), amend)
    cited.delete()
    if new is not None:
        rows = [Cited(moduletopic_id=topic, manualchapter_id=new) for topic in topics]
        # A topic that cites the new chapter already goes on doing so.
        Cited.objects.bulk_create(rows, ignore_conflicts=True)
    return len(topics)


def _moved(chapters: list[int], old: int, new: int | None) -> list[int]:
    """Return the chapters of a draft topic with ``old`` replaced, each once."""
    kept = [new if chapter == old else chapter for chapter in chapters]
    return list(dict.fromkeys(chapter for chapter in kept if chapter is not None))


source = CitationSource(
    kind=KIND,
    label=_("Topics of training modules"),
    model=ModuleTopic,
    permission="courses.change_trainingmodule",
    citing=citing,
    repoint=repoint,
)
