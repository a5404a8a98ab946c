"""Load demo versions in another language through the verbs (idempotent)."""

from typing import Any

from django.db import transaction

from kb.models import Bulletin, ContentTranslation, DiagnosisGuide, FaultArticle, Manual
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import passages_of
from portal.registry.demo import data


@transaction.atomic
def load_translations() -> dict[str, int]:
    """Load translations.json and publish each version; one that is there already is left alone."""
    rows = data("translations")
    published = ((FaultArticle, "articles"), (DiagnosisGuide, "guides"), (Bulletin, "bulletins"))
    sources: list[Any] = [*Manual.objects.filter(number__in=rows["manuals"])]
    for model, named in published:
        sources += model.objects.filter(number__in=rows[named], live=True).order_by("number")
    added = sum(_load(source, _by_text(source, rows["texts"]), rows) for source in sources)
    for row in rows["chapters"]:
        number, _hash, place = row["ref"].partition("#")
        chapter = Manual.objects.get(number=number).editions.published()[0].chapters.get(number=place)
        # The words of its pictures are those of the drawings, wherever they are shown.
        keys = [passage.key for passage in passages_of(chapter) if not passage.about]
        words = dict(zip(keys, row["passages"], strict=True)) | _by_text(chapter, rows["texts"])
        added += _load(chapter, words, rows)
    return {"translations": added}


def _by_text(source: Any, texts: dict[str, str]) -> dict[str, str]:
    return {passage.key: texts[passage.text] for passage in passages_of(source) if passage.text in texts}


def _load(source: Any, words: dict[str, str], rows: dict[str, Any]) -> int:
    draft = save_translation_once(source, rows["language"], words)
    if draft is None:
        return 0
    # One was made of earlier words, so that a version that is behind can be seen.
    older = {row["now"]: row["was"] for row in rows["behind"] if row["article"] == getattr(source, "number", "")}
    draft.source_words = {key: older.get(text, text) for key, text in draft.source_words.items()}
    draft.save_revision(clean=False)
    publish_translation(draft)
    return 1


def save_translation_once(source: Any, language: str, words: dict[str, str]) -> ContentTranslation | None:
    """Return the draft of a version that was not there yet, else None."""
    named = source.translations.filter(language=language)
    return None if named.exists() else save_translation(source, language, words)
