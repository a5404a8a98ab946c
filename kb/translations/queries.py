"""Read translations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q

from kb.models import ContentTranslation, Manual, ManualEdition
from kb.translations.languages import Words, source_language
from kb.translations.passages import Passage, kind_of, passages_of
from kb.translations.staleness import plain, words_that_hold
from portal.registry.search import TranslatedWords

#: Published versions of a record, for what reads many.
VERSIONS = Prefetch("translations", ContentTranslation.objects.filter(live=True).order_by("language"))


def versions_of(record: Any) -> list[ContentTranslation]:
    """Return the published versions of an article, a guide or a bulletin."""
    named = {kind_of(record): record}
    return list(ContentTranslation.objects.filter(**named, live=True).order_by("language"))


def versions_in(manual: Manual, edition: ManualEdition) -> list[ContentTranslation]:
    """Return the published versions of a manual's title and of the chapters of an edition."""
    of_these = Q(manual=manual) | Q(chapter__edition=edition)
    return list(ContentTranslation.objects.filter(of_these, live=True).order_by("language", "pk"))


def languages_in(edition: ManualEdition) -> list[str]:
    """Return the languages there are published versions of an edition's title or chapters in."""
    of_these = Q(manual__editions=edition) | Q(chapter__edition=edition)
    versions = ContentTranslation.objects.filter(of_these, live=True)
    return list(versions.order_by("language").values_list("language", flat=True).distinct())


def title_in(records: Iterable[Any], language: str, *fields: str) -> None:
    """Put the titles of a list of records of one kind into a language, where they have one.

    One query; none for the language of the source.

    Args:
        fields: what else the list shows of them, such as ``summary``.
    """
    rows = {record.pk: record for record in records}
    if not rows or language == source_language():
        return
    kind = kind_of(next(iter(rows.values())))
    versions = ContentTranslation.objects.filter(**{f"{kind}__in": rows}, language=language, live=True)
    for version in versions:
        record = rows[getattr(version, f"{kind}_id")]
        for name in ("title", *fields):
            passage = Passage(name, "", getattr(record, name))
            if words := words_that_hold(version, [passage]).get(name):
                setattr(record, name, Words(words, language))


def searchable(passages: Iterable[Passage]) -> list[Passage]:
    """Return the passages whose translation is searched and shown.

    A warning never stands without its own words; how hazardous work is done is not for everybody who searches.
    """
    return [passage for passage in passages if not (passage.is_warning or passage.is_closed)]


def searched(record: Any, versions: Iterable[ContentTranslation]) -> tuple[TranslatedWords, ...]:
    """Return what search finds and shows of the versions of a record: what holds of them, without warnings."""
    found = []
    passages = searchable(passages_of(record))
    forms = {passage.key: passage.form for passage in passages}
    for version in versions:
        words = words_that_hold(version, passages)
        phrases = [words.get("symptom", ""), *words.get("aliases", "").splitlines()]
        text = "\n".join(plain(text, forms[key]) for key, text in words.items() if key not in ("title", "aliases"))
        found.append(TranslatedWords(version.language, words.get("title", ""), tuple(filter(None, phrases)), text))
    return tuple(found)
