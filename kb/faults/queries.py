"""Queries on fault articles with their annotations and prefetches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from kb.enums import Severity
from kb.faults.beside import beside, drafted_beside
from kb.faults.pictures import WHOLE, pictures_of_article
from kb.manuals.queries import NewerEdition, newer_editions, readable_chapter
from kb.models import FaultArticle, FaultCode, ManualChapter, ManualEdition
from portal.audiences import readable
from portal.equipment.statutory import Demand, demands_of_category, demands_on
from portal.models import EquipmentCategory, EquipmentModel
from portal.search.analysis import bare_code


def published_faults() -> QuerySet[FaultArticle]:
    """Return the articles anybody at all may find: published ones."""
    return FaultArticle.objects.filter(live=True)


def faults_for(reader: Any) -> QuerySet[FaultArticle]:
    """Return the published articles ``reader`` may open."""
    return readable(published_faults(), reader)


def listed(faults: QuerySet[FaultArticle]) -> QuerySet[FaultArticle]:
    """Fetch what a list shows of an article: codes, category, machines."""
    return faults.select_related("category").prefetch_related(
        "codes", Prefetch("equipment", EquipmentModel.objects.order_by("category__path", "code"))
    )


@dataclass(frozen=True)
class FaultFilter:
    """What a list of articles is narrowed to; empty values narrow nothing."""

    category: str = ""
    severity: str = ""
    brand: str = ""
    phone: bool = False
    category_path: str = ""

    def apply(self, faults: QuerySet[FaultArticle], without: str = "") -> QuerySet[FaultArticle]:
        """Narrow ``faults``; ``without`` leaves one filter out (to count its alternatives)."""
        if self.category and without != "category":
            # An unknown category has no path and matches nothing.
            faults = (
                faults.filter(category__path__startswith=self.category_path) if self.category_path else faults.none()
            )
        if self.severity and without != "severity":
            faults = faults.filter(severity=self.severity)
        if self.brand and without != "brand":
            faults = faults.filter(brand=self.brand)
        if self.phone and without != "phone":
            faults = faults.filter(is_phone_doable=True)
        return faults


def fault_filter(parameters: Any) -> FaultFilter:
    """Read a filter from the parameters of an address; unknown severities are ignored."""
    category = storable(parameters.get("category", ""))[:20]
    path = EquipmentCategory.objects.filter(code=category).values_list("path", flat=True).first() if category else ""
    severity = parameters.get("severity", "")
    return FaultFilter(
        category=category,
        severity=severity if severity in Severity.values else "",
        brand=storable(parameters.get("brand", ""))[:60],
        phone=parameters.get("phone", "") == "1",
        category_path=path or "",
    )


def storable(text: str) -> str:
    """Return what somebody typed without NUL, which PostgreSQL refuses even in a question."""
    return text.replace("\x00", "").strip()


def count_by(faults: QuerySet[FaultArticle], column: str) -> dict[Any, int]:
    """Return how many articles have each value of ``column``."""
    return dict(faults.order_by().values_list(column).annotate(Count("pk")))


@dataclass(frozen=True)
class CodeKin:
    """Other articles whose codes meet this article's."""

    same: list[FaultCode] = field(default_factory=list)
    similar: list[FaultCode] = field(default_factory=list)


def fault_for_reading(number: str) -> FaultArticle | None:
    """Return a published article with its causes, or None; whether it may be opened is the caller's to ask.

    What stands beside the causes is read by :func:`kb.faults.beside.beside`.
    """
    newest = ManualEdition.objects.published().filter(manual=OuterRef("chapter__edition__manual"))
    return (
        published_faults()
        .filter(number=number)
        .select_related("category", "chapter__edition__manual")
        .defer("chapter__body")
        .annotate(newest_edition=Subquery(newest.values("pk")[:1]))
        .prefetch_related(
            "pairs",
            Prefetch("equipment", EquipmentModel.objects.select_related("category").order_by("category__path", "code")),
        )
        .first()
    )


def successor(number: str) -> FaultArticle | None:
    """Return the published article that a withdrawn one was merged into, over several mergers, or None."""
    seen: set[int] = set()
    article = FaultArticle.objects.filter(number=number, live=False).select_related("replaced_by").first()
    while article is not None and article.replaced_by is not None and article.pk not in seen:
        seen.add(article.pk)
        article = article.replaced_by
        if article.live:
            return article
    return None


def fault_facts(
    article: FaultArticle, reader: Any, codes: list[FaultCode] | None = None, *, is_draft: bool = False
) -> dict[str, Any]:
    """Return what the page, the card and the preview of an article show.

    Args:
        codes: the article's codes where they are not yet stored (a preview); read together with their kin otherwise.
        is_draft: whether pictures are asked for as an editor's, since nobody else may see them yet.
    """
    pairs = list(article.pairs.all())
    pictures = pictures_of_article(article, pairs, is_draft=is_draft, reader=reader)
    for position, pair in enumerate(pairs):
        pair.shown_pictures = pictures[position]
    own, kin = codes_and_kin(article, reader, codes)
    chapter = readable_chapter(article.chapter, reader)
    equipment = list(article.equipment.all())
    demands = work_demands(article.category, equipment, article.task)
    ruled = {demand.kind.pk for demand in demands}
    rows = drafted_beside(article, reader) if is_draft else beside(article, reader)
    return {
        "article": article,
        "words": article.words,
        "codes": own,
        "safety_notes": rows.notes,
        "pictures": pictures[WHOLE],
        "has_pictures": any(pictures.values()),
        "first_checks": [pair for pair in pairs if not pair.cause and pair.check_text],
        "pairs": [pair for pair in pairs if pair.cause],
        "closing": [pair for pair in pairs if not pair.cause and not pair.check_text],
        "sources": rows.sources,
        "equipment": equipment,
        "demands": demands,
        "further_cards": [kind for kind in rows.cards if kind.pk not in ruled],
        "chapter": chapter,
        "newer": _newer(article, chapter),
        "kin": kin,
        "guides": rows.guides,
        "related": rows.related,
    }


def _newer(article: FaultArticle, chapter: ManualChapter | None) -> NewerEdition | None:
    """Return where a newer edition has the cited chapter; nothing is asked when the cited one is the newest."""
    if chapter is None or getattr(article, "newest_edition", None) == chapter.edition_id:
        return None
    return newer_editions([chapter]).get(chapter.pk)


def work_demands(category: EquipmentCategory, equipment: Sequence[EquipmentModel], task: str) -> list[Demand]:
    """Return the statutory cards the rules demand for the work of an article on its machines.

    An article that names no machine holds for its category: the rules of the category and those above it.
    """
    return demands_on(equipment, task) if equipment else demands_of_category(category, task)


def codes_and_kin(
    article: FaultArticle, reader: Any, codes: list[FaultCode] | None = None
) -> tuple[list[FaultCode], CodeKin]:
    """Return the article's codes, and where else they occur: exactly the same, or easily misread for them."""
    if codes is None:
        own_folded: Any = FaultCode.objects.filter(article=article).values("folded")
        rows = list(_rows_like(own_folded, Q(article=article) | Q(article__in=faults_for(reader))))
        codes = sorted((row for row in rows if row.article_id == article.pk), key=lambda row: row.sort_order or 0)
    else:
        rows = list(_rows_like({bare_code(row.code) for row in codes}, Q(article__in=faults_for(reader))))
    others = [row for row in rows if row.article_id != article.pk]
    return codes, _parted(others, {row.code for row in codes})


def articles_of_code(code: str, reader: Any) -> CodeKin:
    """Return the articles showing exactly ``code``, and those whose code is easily taken for it, with machines."""
    rows = _rows_like({bare_code(code)}, Q(article__in=faults_for(reader)))
    return _parted(rows.prefetch_related("article__equipment"), {code})


def _rows_like(folded: Any, readable_rows: Q) -> QuerySet[FaultCode]:
    return (
        FaultCode.objects.filter(readable_rows, folded__in=folded)
        .select_related("article__category")
        .order_by("article__category__path", "article__number")
    )


def _parted(rows: Iterable[FaultCode], codes: set[str]) -> CodeKin:
    found = list(rows)
    return CodeKin(
        same=[row for row in found if row.code in codes], similar=[row for row in found if row.code not in codes]
    )


def faults_by_chapter(chapters: Iterable[ManualChapter], reader: Any) -> dict[str, list[FaultArticle]]:
    """Return the articles that point to these chapters, by chapter number."""
    numbers = {chapter.pk: chapter.number for chapter in chapters}
    found: dict[str, list[FaultArticle]] = {}
    for article in faults_for(reader).filter(chapter__in=numbers).order_by("number"):
        found.setdefault(numbers[article.chapter_id], []).append(article)
    return found
