"""Registry of search sources: how the records of each app become search documents.

The portal is the ground floor and imports none of the apps above it; they register::

    sources.register(
        SearchSource(
            kind="fault", label=_("Fault article"), model=FaultArticle,
            queryset=published_faults, documents=fault_documents,
            related={CauseRemedy: lambda row: [row.article]},
        )
    )

`documents(record)` yields every document a record gives (a manual gives one per chapter) and nothing when the record
must not be found any more (withdrawn, draft). Who may find it is said by `audience` and `scope`, never by leaving
readers to guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from portal.enums import Audience


@dataclass(frozen=True, slots=True)
class TranslatedWords:
    """What a document says in another language: found beside its own words, and shown to readers of that language."""

    language: str
    title: str
    phrases: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found, opened at `url`.

    Args:
        ref: the number people know it by, unique within its kind (a fault's article number).
        kind: the kind of its source.
        title: one line, as shown.
        part: which part of it this is (第 12 页), shown behind the title; not searched.
        url: where it opens; `anchor` is added as the fragment.
        codes: fault codes as the display shows them, case kept, one each (`E42`, `E45`).
        equipment: codes of the equipment models it is about; filter and facet.
        equipment_names: every name of that equipment worth finding it by; the first is shown.
        categories: codes of the equipment categories; filter.
        brand: as shown; filter and facet. Empty when it holds for any brand.
        severity: a value of the kind's own severities, or empty.
        phone_doable: whether the customer can be talked through it on the phone.
        audience: an `Audience` value; who may open it.
        scope: empty, or `organisation_scope(pk)`: only for readers who have that organisation in sight.
        symptoms: what people see, in their own words.
        aliases: other names of the same trouble or thing.
        text: the body in plain text, for matching and for the snippet.
        anchor: fragment to open at (a chapter's).
        translations: what it says in other languages.
    """

    ref: str
    kind: str
    title: str
    url: str
    part: str = ""
    codes: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    equipment_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brand: str = ""
    severity: str = ""
    phone_doable: bool = False
    audience: str = Audience.STAFF
    scope: str = ""
    symptoms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    text: str = ""
    anchor: str = ""
    translations: tuple[TranslatedWords, ...] = ()

    @property
    def key(self) -> str:
        """The document's identity in the index."""
        return f"{self.kind}:{self.ref}"

    @property
    def shown_title(self) -> str:
        """The title with the part."""
        return f"{self.title} {self.part}" if self.part else self.title

    @property
    def address(self) -> str:
        """Where a click leads."""
        return f"{self.url}#{self.anchor}" if self.anchor else self.url


@dataclass(frozen=True)
class SearchSource:
    """How one kind of record is found.

    Args:
        kind: short stable name, used in addresses (`fault`, `manual`, `module`, `page`, `document`).
        label: the kind's name on screen.
        model: the model whose records are indexed.
        queryset: every record that may be found, with what `documents` reads prefetched; used for a rebuild.
        documents: the documents of one record.
        related: models whose change changes the documents, and the records reached from one of theirs; a queryset
            where they may be many, of which only the keys are read.
        words: words that ask for this kind (手册, 说明书); they favour it softly.
        weight: how much this kind counts against others when both match alike; 1 is a fault article.
        lookup: records whose code or title is or contains a text; asked while the index cannot be used.
        is_scoped: whether some documents carry a `scope`.
        icon: a symbol of static/img/icons.svg.
        severities: the severities its documents carry, worst first, with their names on screen.
    """

    kind: str
    label: str | Promise
    model: type[Model]
    queryset: Callable[[], QuerySet[Any]]
    documents: Callable[[Any], Iterable[SearchDocument]]
    related: Mapping[type[Model], Callable[[Any], Iterable[Model]]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    weight: float = 1.0
    lookup: Callable[[str], QuerySet[Any]] | None = None
    is_scoped: bool = False
    icon: str = "list"
    severities: Mapping[str, str | Promise] = field(default_factory=dict)


_sources: dict[str, SearchSource] = {}


def register(source: SearchSource) -> None:
    """Add a source. Registering the same kind and model again replaces it; a kind belongs to one model.

    Raises:
        ValueError: the kind is already another model's.
    """
    present = _sources.get(source.kind)
    if present is not None and present.model._meta.label != source.model._meta.label:
        raise ValueError(f"search kind {source.kind!r} already belongs to {present.model._meta.label}")
    _sources[source.kind] = source


def sources() -> tuple[SearchSource, ...]:
    """Return every registered source, in the order of registration."""
    return tuple(_sources.values())


def source_of(kind: str) -> SearchSource | None:
    """Return the source of a kind, or nothing if no app registered it."""
    return _sources.get(kind)


def sources_for(model: type[Model]) -> list[SearchSource]:
    """Return the sources whose documents come from records of `model` itself."""
    return [source for source in _sources.values() if issubclass(model, source.model)]


def organisation_scope(pk: object) -> str:
    """Return the scope that limits a document to those who have the organisation in sight."""
    return f"org:{pk}"


def scoped_kinds() -> list[str]:
    """Return the kinds some of whose documents are limited to organisations in sight."""
    return [source.kind for source in _sources.values() if source.is_scoped]


def severity_name(severity: str) -> str:
    """Return the name of a severity on screen, as the app that uses it says it."""
    names = (source.severities.get(severity) for source in _sources.values())
    return str(next((name for name in names if name), severity))
