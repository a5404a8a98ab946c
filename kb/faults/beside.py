"""What a published article shows beside its causes: warnings, sources, cards, guides, related articles; one statement.

Five small tables asked one by one cost the page five round trips; their rows have few columns and are read together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from kb.models import DiagnosisGuide, FaultArticle, FaultRelation, FaultSource, SafetyNote
from portal.audiences import readable
from portal.models import StatutoryKind

NOTE, SOURCE, CARD, GUIDE, RELATED = range(5)


@dataclass
class Beside:
    """The rows beside the causes of an article, each list in the order it is shown.

    Args:
        related: rows with ``other`` to read, and the sign that tells the two apart; chosen on either article.
    """

    notes: list[SafetyNote] = field(default_factory=list)
    sources: list[FaultSource] = field(default_factory=list)
    cards: list[StatutoryKind] = field(default_factory=list)
    guides: list[DiagnosisGuide] = field(default_factory=list)
    related: list[FaultRelation] = field(default_factory=list)


def beside(article: FaultArticle, reader: Any) -> Beside:
    """Return the stored rows of a published article that ``reader`` may see."""
    found = Beside()
    for table, _order, pk, first, second, third, fourth in sorted(_statement(article, reader), key=_place):
        if table == NOTE:
            found.notes.append(SafetyNote(pk=pk, text=first, basis=second))
        elif table == SOURCE:
            found.sources.append(FaultSource(pk=pk, key=first, kind=second, address=third, reliability=fourth))
        elif table == CARD:
            found.cards.append(StatutoryKind(pk=pk, name=first, code=second))
        elif table == GUIDE:
            found.guides.append(DiagnosisGuide(pk=pk, number=first, title=second))
        else:
            found.related.append(FaultRelation(other=FaultArticle(pk=pk, number=first, title=second), sign=third))
    found.related = _once(found.related)
    return found


def drafted_beside(article: FaultArticle, reader: Any) -> Beside:
    """Return the rows of a draft as it is in memory, for its preview."""
    relations = [row for row in article.relations.all() if row.other_id]
    seen = set(_related_to(reader).filter(pk__in=[row.other_id for row in relations]).values_list("pk", flat=True))
    return Beside(
        notes=list(article.safety_notes.all()),
        sources=list(article.sources.all()),
        cards=list(article.required_certificates.all()),
        guides=list(_guides_to(article, reader)),
        related=_once(row for row in relations if row.other_id in seen),
    )


def _place(row: Any) -> tuple[Any, ...]:
    """Return where a row stands: as its editor ordered it, else by its number or name."""
    table, order, pk, first = row[:4]
    return table, order, first if table >= CARD else "", pk


def _once(rows: Iterable[FaultRelation]) -> list[FaultRelation]:
    """Leave one row an article, that with a sign first: two articles may have named each other."""
    by_other: dict[int, FaultRelation] = {}
    for row in rows:
        if row.other_id not in by_other or not by_other[row.other_id].sign:
            by_other[row.other_id] = row
    return list(by_other.values())


def _guides_to(article: FaultArticle, reader: Any) -> QuerySet[DiagnosisGuide]:
    guides = readable(DiagnosisGuide.objects.filter(live=True), reader)
    return guides.filter(steps__article_id=article.pk).distinct().order_by("number")


def _related_to(reader: Any) -> QuerySet[FaultArticle]:
    return readable(FaultArticle.objects.filter(live=True), reader)


def _statement(article: FaultArticle, reader: Any) -> QuerySet[Any]:
    open_to = _related_to(reader)
    relations = FaultRelation.objects
    notes = _rows(SafetyNote.objects.filter(article=article), NOTE, "text", "basis")
    return notes.union(
        _rows(FaultSource.objects.filter(article=article), SOURCE, "key", "kind", "address", "reliability"),
        _rows(StatutoryKind.objects.filter(faults=article), CARD, "name", "code", order=Value(0)),
        _rows(_guides_to(article, reader), GUIDE, "number", "title", order=Value(0)),
        _rows(
            relations.filter(article=article, other__in=open_to),
            RELATED,
            *("other__number", "other__title", "sign"),
            key="other_id",
        ),
        _rows(
            relations.filter(other=article, article__in=open_to),
            RELATED,
            *("article__number", "article__title", "sign"),
            key="article_id",
        ),
        all=True,
    )


def _rows(rows: QuerySet[Any], table: int, *columns: str, key: str = "pk", order: Any = None) -> QuerySet[Any]:
    named = [Cast(F(name), CharField()) for name in columns] + [Value("")] * (4 - len(columns))
    place = Coalesce(F("sort_order"), Value(0)) if order is None else order
    return rows.order_by().values_list(Value(table, IntegerField()), Cast(place, IntegerField()), F(key), *named)
