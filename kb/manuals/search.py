"""Search source of manuals; a manual without a published edition yields no document."""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from kb.manuals.queries import published_manuals
from kb.models import (
    ContentTranslation,
    Manual,
    ManualChapter,
    ManualEdition,
)
from kb.models.blocks import plain_text
from kb.translations.passages import passages_of_chapter, passages_of_manual
from kb.translations.queries import VERSIONS, searchable
from kb.translations.staleness import plain, words_that_hold
from portal.models import EquipmentModel
from portal.registry.search import SearchDocument, SearchSource, TranslatedWords, register
from portal.search.indexing.equipment import naming_equipment

MACHINES = Prefetch("equipment", EquipmentModel.objects.order_by("code").prefetch_related("aliases"))


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
    called = passages_of_manual(manual)
    names = {version.language: words_that_hold(version, called).get("title", "") for version in _versions(manual)}
    for chapter in current.chapters.order_by("sort_order", "pk").prefetch_related(VERSIONS):
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
            translations=chapter_words(chapter, names, manual.title),
        )


def _versions(manual: Manual) -> Iterable[ContentTranslation]:
    return manual.translations.filter(live=True)


def chapter_words(chapter: ManualChapter, names: Mapping[str, str], title: str) -> tuple[TranslatedWords, ...]:
    """Return what search finds and shows of the versions of a chapter: what holds of them, without warnings.

    Args:
        names: what its manual is called in other languages.
        title: what it is called otherwise.
    """
    found = []
    passages = searchable(passages_of_chapter(chapter))
    for version in chapter.translations.all():
        holding = words_that_hold(version, passages)
        own = holding.get("title") or chapter.title
        text = "\n".join(plain(words) for key, words in holding.items() if key != "title")
        name = names.get(version.language) or title
        found.append(TranslatedWords(version.language, f"{name} {chapter.number} {own}", (), text))
    return tuple(found)


def _manuals_of_version(version: ContentTranslation) -> Iterable[Manual]:
    if version.chapter is not None:
        return [version.chapter.edition.manual]
    return [version.manual] if version.manual else []


def _manual_of_edition(edition: ManualEdition) -> Iterable[Manual]:
    return [edition.manual]


def _manual_of_chapter(chapter: ManualChapter) -> Iterable[Manual]:
    return [chapter.edition.manual]


def register_source() -> None:
    """Register the search source of manuals."""
    register(
        SearchSource(
            kind="manual",
            label=_("Manual"),
            model=Manual,
            queryset=manuals,
            documents=manual_documents,
            related={
                ManualEdition: _manual_of_edition,
                ManualChapter: _manual_of_chapter,
                ContentTranslation: _manuals_of_version,
            }
            | naming_equipment(Manual),
            words=("手册", "说明书", "章节"),
            weight=0.8,
            lookup=lambda text: manuals().filter(title__icontains=text),
            icon="book",
        )
    )
