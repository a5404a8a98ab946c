"""Which words of the versions of an edition its PDF in a language holds."""

import hashlib
import json

from django.conf import settings

from kb.models import ManualEdition
from kb.translations.queries import versions_in


def words_digest(edition: ManualEdition, language: str) -> str:
    """Return what two sets of words in a language have in common when they are the same.

    Empty in the language of the source: what a published edition says does not change.
    """
    if language == settings.LANGUAGE_CODE:
        return ""
    versions = [one for one in versions_in(edition.manual, edition) if one.language == language]
    said = [[one.chapter_id, one.words, one.source_words] for one in versions]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
