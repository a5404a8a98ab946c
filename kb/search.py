"""How articles and manuals become search documents. What is not published gives none."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kb.blocks import plain_text
from kb.enums import Severity
from kb.models import (
    CausePair,
    FaultArticle,
    FaultCode,
    Manual,
    ManualChapter,
    ManualEdition,
    SafetyNote,
)
from kb.queries import published_faults, published_manuals
from portal.models import EquipmentModel
from portal.search.equipment import naming_equipment
from portal.search.sources import SearchDocument, SearchSource, register

MACHINES = Prefetch("equipment", EquipmentModel.objects.order_by("code").prefetch_related("aliases"))


def faults() -> QuerySet[FaultArticle]:
    """Return the articles that may be found, with everything their documents read."""
    return (
        published_faults()
        .select_related("category")
        .prefetch_related("codes", "safety_notes", "pairs", MACHINES)
        .order_by("pk")
    )


def fault_documents(article: FaultArticle) -> Iterator[SearchDocument]:
    """Yield the document of a published article."""
    if not article.live:
        return
    machines = list(article.equipment.all())
    yield SearchDocument(
        ref=article.number,
        kind="fault",
        title=article.title,
        url=article.get_absolute_url(),
        codes=tuple(row.code for row in article.codes.all()),
        equipment=tuple(machine.code for machine in machines),
        equipment_names=machine_names(machines, article.category.name, *article.category.aliases),
        categories=(article.category.code,),
        brand=article.brand,
        severity=article.severity,
        phone_doable=article.is_phone_doable,
        audience=article.audience,
        symptoms=(article.symptom,),
        aliases=tuple(article.alias_list),
        text=fault_text(article),
    )


def fault_text(article: FaultArticle) -> str:
    """Return the body of an article in plain text, one statement a line."""
    pairs = [text for pair in article.pairs.all() for text in (pair.cause, pair.check_text, pair.remedy, pair.part)]
    statements = [
        article.family,
        article.model_scope,
        article.judgement,
        article.display_where,
        article.repeat_rule,
        *(note.text for note in article.safety_notes.all()),
        *pairs,
        *article.tool_list,
        *article.part_list,
        article.who_may_do,
        article.number,
    ]
    return "\n".join(dict.fromkeys(statement for statement in statements if statement))


def machine_names(machines: Iterable[EquipmentModel], *others: str) -> tuple[str, ...]:
    """Return every name the machines are known by, their own first."""
    machines = list(machines)
    names = [machine.name for machine in machines]
    names += [alias.name for machine in machines for alias in machine.aliases.all()]
    names += [name for name in others if name]
    return tuple(dict.fromkeys(names))


def manuals() -> QuerySet[Manual]:
    """Return the manuals with a published edition."""
    return published_manuals().select_related("category").prefetch_related(MACHINES).order_by("pk")


def manual_documents(manual: Manual) -> Iterator[SearchDocument]:
    """Yield a document for each chapter of the current edition; it opens at the chapter."""
    current = manual.editions.published().first()
    if current is None:
        return
    machines = list(manual.equipment.all())
    for chapter in current.chapters.order_by("sort_order", "pk"):
        yield SearchDocument(
            ref=f"{manual.number}#{chapter.number}",
            kind="manual",
            title=f"{manual.title} {chapter.number} {chapter.title}",
            url=manual.get_absolute_url(),
            anchor=chapter.anchor,
            equipment=tuple(machine.code for machine in machines),
            equipment_names=machine_names(machines, manual.category.name),
            categories=(manual.category.code,),
            audience=manual.audience,
            text=plain_text(chapter.body),
        )


def _manual_of_edition(edition: ManualEdition) -> Iterable[Manual]:
    return [edition.manual]


def _manual_of_chapter(chapter: ManualChapter) -> Iterable[Manual]:
    return [chapter.edition.manual]


def register_sources() -> None:
    """Tell search about articles and manuals."""
    register(
        SearchSource(
            kind="fault",
            label=_("Fault article"),
            model=FaultArticle,
            queryset=faults,
            documents=fault_documents,
            related=dict.fromkeys((FaultCode, SafetyNote, CausePair), _article_of) | naming_equipment(FaultArticle),
            words=("故障", "维修", "检修"),
            lookup=lambda text: faults().filter(Q(codes__code=text) | Q(title__icontains=text)).distinct(),
            icon="wrench",
            severities=dict(Severity.choices),
        )
    )
    register(
        SearchSource(
            kind="manual",
            label=_("Manual"),
            model=Manual,
            queryset=manuals,
            documents=manual_documents,
            related={ManualEdition: _manual_of_edition, ManualChapter: _manual_of_chapter} | naming_equipment(Manual),
            words=("手册", "说明书", "章节"),
            weight=0.8,
            lookup=lambda text: manuals().filter(title__icontains=text),
            icon="book",
        )
    )


def _article_of(row: Any) -> Iterable[FaultArticle]:
    return [row.article]
