"""Registry of records that cite chapters of manuals, filled from the ``registrations`` of each app that cites.

It is here and not in ``portal.registry``: chapters and editions are models of the knowledge base, and whoever cites
one imports ``kb`` already. A citation names a chapter of an edition and moves only by a decision
(``kb.manuals.domain.publish_edition``, ``move_citations``), so a source does nothing by itself: it lists and repoints.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Model
from django.utils.functional import Promise

from kb.models import ManualChapter


class CitationKey(NamedTuple):
    """Which citation: kind of source, key of the citing record, key of the chapter it cites."""

    source: str
    record: int
    chapter: int


@dataclass(frozen=True)
class Citation:
    """A record that cites a chapter.

    Attributes:
        title: how editors know the record.
        url: where editors open it.
    """

    key: CitationKey
    title: str
    url: str

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class CitationSource:
    """One kind of record that cites chapters.

    Attributes:
        kind: short and without hyphen, for example ``fault``; part of the form's field names.
        label: the plural on screen.
        model: the citing model, for the audit log.
        permission: what opening ``Citation.url`` asks for.
        citing: return what cites these chapters (keys), in a fixed number of queries however many there are.
        repoint: have the records (keys) that cite the chapter ``old`` cite ``new``, or nothing when it is None; return
            how many of them did cite ``old``.
    """

    kind: str
    label: "str | Promise"
    model: type[Model]
    permission: str
    citing: Callable[[Collection[int]], Iterable[Citation]]
    repoint: Callable[[Collection[int], int, int | None], int]


_sources: dict[str, tuple[int, CitationSource]] = {}


def register_citations(order: int, source: CitationSource) -> None:
    """Have the records of ``source`` listed and decided on when an edition is published.

    Smaller orders stand higher: kb 10–19, courses 20–29, certification 30–39.
    """
    _sources[source.kind] = (order, source)


def source_of(kind: str) -> CitationSource:
    """Return the source of this kind.

    Raises:
        KeyError: no app registered it.
    """
    return _sources[kind][1]


def citations_of(chapters: Iterable[ManualChapter]) -> list[Citation]:
    """Return everything that cites one of ``chapters``, source by source."""
    keys = [chapter.pk for chapter in chapters]
    if not keys:
        return []
    ordered = [source for _order, source in sorted(_sources.values(), key=lambda entry: entry[0])]
    return [citation for source in ordered for citation in source.citing(keys)]
