"""Search source of fault articles; unpublished ones yield no document."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kb.enums import Severity
from kb.faults.queries import published_faults
from kb.manuals.search import MACHINES, machine_names
from kb.models import (
    CausePair,
    ContentTranslation,
    FaultArticle,
    FaultCode,
    SafetyNote,
)
from kb.translations.queries import VERSIONS, searched
from portal.models import StatutoryKind
from portal.registry.search import SearchDocument, SearchSource, register
from portal.search.indexing.equipment import naming_equipment


def faults() -> QuerySet[FaultArticle]:
    """Return the articles that may be found, with everything their documents read."""
    return (
        published_faults()
        .select_related("category")
        .prefetch_related("codes", "safety_notes", "pairs", "required_certificates", MACHINES, VERSIONS)
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
        translations=searched(article, article.translations.all()),
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
        *(kind.name for kind in article.required_certificates.all()),
        article.number,
    ]
    return "\n".join(dict.fromkeys(statement for statement in statements if statement))


def register_source() -> None:
    """Register the search source of fault articles."""
    register(
        SearchSource(
            kind="fault",
            label=_("Fault article"),
            model=FaultArticle,
            queryset=faults,
            documents=fault_documents,
            related={
                **dict.fromkeys((FaultCode, SafetyNote, CausePair), _article_of),
                **naming_equipment(FaultArticle),
                ContentTranslation: lambda version: [version.article] if version.article else [],
                StatutoryKind: lambda kind: FaultArticle.objects.filter(required_certificates=kind),
            },
            words=("故障", "维修", "检修"),
            lookup=lambda text: faults().filter(Q(codes__code=text) | Q(title__icontains=text)).distinct(),
            icon="wrench",
            severities=dict(Severity.choices),
        )
    )


def _article_of(row: Any) -> Iterable[FaultArticle]:
    return [row.article]
