"""Read translations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from kb.models import ContentTranslation, FaultArticle, Manual, ManualEdition
from kb.translations.languages import Words, source_language
from kb.translations.passages import Passage, passages_of_article
from kb.translations.staleness import words_that_hold
from portal.registry.search import TranslatedWords

#: Published versions of a record, for what reads many.
VERSIONS = Prefetch("translations", ContentTranslation.objects.filter(live=True).order_by("language"))


def versions_of(article: FaultArticle) -> list[ContentTranslation]:
    """Return the published versions of an article."""
    return list(ContentTranslation.objects.filter(article=article, live=True).order_by("language"))


def versions_in(manual: Manual, edition: ManualEdition) -> list[ContentTranslation]:
    """Return the published versions of a manual's title and of the chapters of an edition."""
    of_these = Q(manual=manual) | Q(chapter__edition=edition)
    return list(ContentTranslation.objects.filter(of_these, live=True).order_by("language", "pk"))


def title_in(articles: Iterable[FaultArticle], language: str) -> None:
    """Put the titles of a list of articles into a language, where they have one; one query, none for the source's."""
    rows = {article.pk: article for article in articles}
    if not rows or language == source_language():
        return
    versions: QuerySet[Any] = ContentTranslation.objects.filter(article__in=rows, language=language, live=True)
    for version in versions:
        article = rows[version.article_id]
        title = Passage("title", "", article.title)
        if words := words_that_hold(version, [title]).get("title"):
            article.title = Words(words, language)


def searchable(passages: Iterable[Passage]) -> list[Passage]:
    """Return the passages whose translation is searched and shown: a warning never stands without its own words."""
    return [passage for passage in passages if not passage.is_warning]


def searched(article: FaultArticle, versions: Iterable[ContentTranslation]) -> tuple[TranslatedWords, ...]:
    """Return what search finds and shows of the versions of an article: what holds of them, without warnings."""
    found = []
    passages = searchable(passages_of_article(article))
    for version in versions:
        words = words_that_hold(version, passages)
        phrases = [words.get("symptom", ""), *words.get("aliases", "").splitlines()]
        text = "\n".join(text for key, text in words.items() if key not in ("title", "aliases"))
        found.append(TranslatedWords(version.language, words.get("title", ""), tuple(filter(None, phrases)), text))
    return tuple(found)
