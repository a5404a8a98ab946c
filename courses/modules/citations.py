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


def citing(chapters: Collection[int]) -> Iterator[Citation]:
    """Yield the topics that cite one of ``chapters``, those of drafts too."""
    topics = ModuleTopic.objects.filter(chapter__in=chapters).select_related("module")
    for topic in topics.order_by("module__code", "sort_order", "pk"):
        title = f"{topic.module.code} {topic.module.title} · {topic.text}"
        key = CitationKey(KIND, topic.pk, topic.chapter_id)
        yield Citation(key, title, reverse(EDIT_VIEW, args=[topic.module_id]))


def repoint(records: Collection[int], old: int, new: int | None) -> int:
    """Have the topics that cite ``old`` cite ``new``, as published and in the drafts of their modules; return how many.

    Draft topics are known by their key, which those written since the last publication do not have yet.
    """
    topics = ModuleTopic.objects.filter(pk__in=records, chapter=old)
    modules: dict[int, set[int]] = defaultdict(set)
    for module, topic in topics.values_list("module", "pk"):
        modules[module].add(topic)

    def amend(content: dict[str, Any]) -> bool:
        moved = modules[content["pk"]]
        citing_old = [row for row in content["topics"] if row.get("pk") in moved and row.get("chapter") == old]
        for row in citing_old:
            row["chapter"] = new
        return bool(citing_old)

    amend_drafts(TrainingModule, list(modules), amend)
    return topics.update(chapter=new)


source = CitationSource(
    kind=KIND,
    label=_("Topics of training modules"),
    model=ModuleTopic,
    permission="courses.change_trainingmodule",
    citing=citing,
    repoint=repoint,
)
