"""What is not done properly in practicals: the checks by how often they fail, with the sections to rewrite.

The section a check cites itself stands before those that are taught before the practical.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from certification.models import Checklist, ChecklistItem, PracticalAssessment, Requirement
from courses.models import ModuleTopic
from kb.models import ManualChapter

# Sections named beside a check.
LISTED = 3


@dataclass(frozen=True)
class Check:
    """One check of a checklist in the words that were signed; other words are another check.

    Args:
        of: in how many signed checklists it stood.
        own: the item in effect with these words that cites a section; None where none does.
        sections: chapters that the modules before the practical cite, those about the same words first.
    """

    checklist: Checklist
    text: str
    is_critical: bool
    fails: int
    of: int
    own: ChecklistItem | None = None
    sections: Sequence[ManualChapter] = field(default=())

    @property
    def share(self) -> float:
        """How many of a hundred, as a share of one."""
        return self.fails / self.of

    @property
    def chapters(self) -> list[ManualChapter]:
        """The chapter it cites, then those taught before it; each once."""
        own = [self.own.chapter] if self.own and self.own.chapter else []
        return list(dict.fromkeys([*own, *self.sections]))

    @property
    def citations(self) -> list[str]:
        """Everything to look at, in words."""
        article = [str(self.own.article)] if self.own and self.own.article else []
        return article + [chapter.citation for chapter in self.chapters]


def checks(checklist: Checklist | None = None) -> list[Check]:
    """Return the checks that failed at least once, the largest share first; a fixed number of queries.

    Args:
        checklist: of this one only.
    """
    signed = PracticalAssessment.objects.order_by()
    if checklist is not None:
        signed = signed.filter(checklist=checklist)
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, rows in signed.values_list("checklist", "rows").iterator():
        for row in rows:
            counted = counts[key, row["text"]]
            counted[0] += not row["is_shown"]
            counted[1] += 1
            counted[2] |= bool(row.get("is_critical"))
    failed = {named: counted for named, counted in counts.items() if counted[0]}
    known = Checklist.objects.select_related("category").in_bulk({key for key, _text in failed})
    taught, cited = _taught(known), _cited(known)
    found = [
        Check(known[key], text, bool(critical), fails, of, cited.get((key, text)), _nearest(text, taught.get(key, ())))
        for (key, text), (fails, of, critical) in failed.items()
    ]
    return sorted(found, key=lambda each: (-each.share, -each.fails, each.checklist.code, each.text))


def _cited(checklists: Iterable[int]) -> dict[tuple[int, str], ChecklistItem]:
    """Return the items in effect that cite a section, by checklist and words."""
    items = ChecklistItem.objects.filter(checklist__in=list(checklists)).exclude(chapter=None, article=None)
    cited = items.select_related("chapter__edition__manual", "article").defer("chapter__body")
    return {(item.checklist_id, item.text): item for item in cited}


def _taught(checklists: Iterable[int]) -> dict[int, list[ModuleTopic]]:
    """Return what the modules of the schemes teach that ask for each checklist."""
    asked = Requirement.objects.filter(checklist__in=list(checklists)).order_by()
    schemes: dict[int, set[int]] = defaultdict(set)
    for scheme, checklist in asked.values_list("scheme", "checklist"):
        schemes[scheme].add(checklist)
    modules: dict[int, set[int]] = defaultdict(set)
    before = Requirement.objects.filter(Q(scheme__in=schemes) & Q(module__isnull=False)).order_by()
    for scheme, module in before.values_list("scheme", "module"):
        modules[module] |= schemes[scheme]
    chapters = Prefetch("chapters", ManualChapter.objects.select_related("edition__manual").defer("body"))
    topics = ModuleTopic.objects.filter(module__in=modules).prefetch_related(chapters).order_by("module", "sort_order")
    found: dict[int, list[ModuleTopic]] = defaultdict(list)
    for topic in topics:
        for checklist in modules[topic.module_id]:
            found[checklist].append(topic)
    return found


def _nearest(text: str, topics: Iterable[ModuleTopic]) -> list[ManualChapter]:
    """Return a few of the chapters the topics cite: those of topics that share the most words with the check."""
    ranked = sorted(topics, key=lambda topic: -len(_pairs(topic.text) & _pairs(text)))
    return list(dict.fromkeys(chapter for topic in ranked for chapter in topic.chapters.all()))[:LISTED]


def _pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters: what two sentences share of Chinese words without a dictionary."""
    plain = "".join(character for character in text.casefold() if character.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
