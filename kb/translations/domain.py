"""Write translations, publish them, and carry those of chapters over to the next edition."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from kb.models import ContentTranslation, Manual, ManualChapter, ManualEdition
from kb.models.published import PublishedRecord
from kb.translations.approval import Saying, approved_sayings, is_vouched_for, sayings_of
from kb.translations.errors import SourceNotPublished, TitleUntranslated, TranslationChanged
from kb.translations.passages import kind_of, passages_of
from portal.access import audit


def is_readable(source: Any) -> bool:
    """Whether readers have the source: only then there is something to translate from."""
    if isinstance(source, ManualChapter):
        return source.edition.is_published
    if isinstance(source, Manual):
        return ManualEdition.objects.published().filter(manual=source).exists()
    return bool(source.live)


def translation_for(source: Any, language: str) -> ContentTranslation:
    """Return the stored version of a record in a language, or a new one that is not stored yet."""
    named = {kind_of(source): source, "language": language}
    return ContentTranslation.objects.filter(**named).first() or ContentTranslation(**named, live=False)


def draft_of(translation: ContentTranslation) -> ContentTranslation:
    """Return the words being written, which may be newer than those readers have."""
    return translation.get_latest_revision_as_object() if translation.pk else translation


def state_of(draft: ContentTranslation, source: Any) -> str:
    """Return what a form was opened with: the words of the draft and of the source, as a digest."""
    shown = [draft.words, draft.source_words, [(passage.key, passage.said) for passage in passages_of(source)]]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def save_translation(
    source: Any,
    language: str,
    words: Mapping[str, str],
    *,
    by: Any = None,
    seen: str | None = None,
    confirmed: Collection[str] = (),
) -> ContentTranslation:
    """Store the words of a version as its draft; return the draft.

    A passage counts as translated from what the source says now where its words were written anew or confirmed to
    still hold; where neither, it stays stale.

    Args:
        words: by the keys of the passages; others are left out.
        seen: :func:`state_of` when the form was opened; None where nobody can have changed anything meanwhile.
        confirmed: keys of passages whose source changed and whose words hold all the same.

    Raises:
        SourceNotPublished: readers do not have the source.
        TranslationChanged: the draft or the source is not what was seen.
    """
    if not is_readable(source):
        raise SourceNotPublished
    type(source)._default_manager.select_for_update(of=("self",)).get(pk=source.pk)
    stored = translation_for(source, language)
    draft = draft_of(stored)
    if seen is not None and seen != state_of(draft, source):
        raise TranslationChanged
    passages = passages_of(source)
    written = {passage.key: text for passage in passages if (text := words.get(passage.key, "").strip())}
    before, seen_before = dict(draft.words), dict(draft.source_words)
    draft.source_words = {
        passage.key: passage.said
        if passage.key in confirmed
        or passage.key not in seen_before
        or written.get(passage.key) != before.get(passage.key)
        else seen_before[passage.key]
        for passage in passages
    }
    draft.words, draft.translator = written, by
    draft.source_revision = getattr(source, "live_revision_id", None)
    draft.full_clean()
    if not stored.pk:
        draft.save()
    draft.save_revision(user=by, clean=False)
    audit.record("kb.translation_saved", draft, actor=by, source=str(source), language=language, passages=len(written))
    return draft


@transaction.atomic
def publish_translation(translation: ContentTranslation, *, by: Any = None) -> ContentTranslation:
    """Publish the newest draft of a version.

    Raises:
        TitleUntranslated: it has no title.
        ReviewMissing: the source is dangerous, and nobody but the translators approved these words.
    """
    stored = ContentTranslation.objects.select_for_update(of=("self",)).get(pk=translation.pk)
    revision = stored.latest_revision
    draft = draft_of(stored)
    if not draft.words.get("title"):
        raise TitleUntranslated
    (revision or draft.save_revision(user=by, clean=False)).publish(user=by, skip_permission_checks=True)
    stored.refresh_from_db()
    audit.record("kb.translation_published", stored, actor=by, source=str(stored.source), language=stored.language)
    return stored


@transaction.atomic
def withdraw_translation(translation: ContentTranslation, *, by: Any = None) -> ContentTranslation:
    """Take a version from its readers, who read the source again; the draft stays."""
    stored = ContentTranslation.objects.select_for_update(of=("self",)).get(pk=translation.pk)
    UnpublishAction(stored, user=by).execute(skip_permission_checks=True)
    audit.record("kb.translation_withdrawn", stored, actor=by, source=str(stored.source), language=stored.language)
    return stored


def withdraw_unapproved(sender: Any, instance: PublishedRecord, revision: Revision, **kwargs: Any) -> None:
    """Take the versions nobody approved from readers of a record that is dangerous now (a receiver of ``published``).

    What the portal wrote by itself, such as the demo, stays as long as no person publishes the article.
    """
    if not instance.live or not instance.is_dangerous:
        return
    for version in instance.translations.filter(live=True).select_related("live_revision"):
        written = version.live_revision.user_id if version.live_revision else version.translator_id
        is_of_the_portal = written is None and revision.user_id is None
        if not is_of_the_portal and not is_vouched_for(version):
            withdraw_translation(version, by=revision.user)


def carry_over(edition: ManualEdition, pairs: list[tuple[ManualChapter, ManualChapter]], *, by: Any = None) -> int:
    """Give the chapters of a published edition the versions their counterparts had; return how many.

    What reads the same goes on as it is; what was changed is stale at once, with the words that changed. Where the
    chapter is dangerous, words that no second person approved go on as a draft.

    Args:
        pairs: chapters of the edition before and of this one that are one chapter.
    """
    earlier = {old.pk: new for old, new in pairs}
    approved: dict[str, set[Saying]] = {}
    carried = drafts = 0
    for version in ContentTranslation.objects.filter(chapter__in=earlier, live=True):
        copy = _copy_of(version, earlier[version.chapter_id])
        if copy.is_dangerous:
            if version.language not in approved:
                approved[version.language] = approved_sayings(edition.manual, version.language)
            copy.live = sayings_of(copy) <= approved[version.language]
        if copy.live:
            copy.first_published_at, copy.last_published_at = timezone.now(), version.last_published_at
        copy.save()
        if not copy.live:
            copy.save_revision(user=version.translator or by, clean=False)
            drafts += 1
        carried += 1
    if carried:
        audit.record("kb.translations_carried_over", edition, actor=by, chapters=carried, drafts=drafts)
    return carried


def _copy_of(version: ContentTranslation, chapter: ManualChapter) -> ContentTranslation:
    """Return a version of a chapter in the words of its counterpart's, not stored yet."""
    made_from = {text: key for key, text in version.source_words.items()}
    keys = {passage.key: made_from.get(passage.said, passage.key) for passage in passages_of(chapter)}
    return ContentTranslation(
        chapter=chapter,
        language=version.language,
        translator=version.translator,
        words={key: version.words[old] for key, old in keys.items() if old in version.words},
        source_words={key: version.source_words[old] for key, old in keys.items() if old in version.source_words},
        live=True,
    )
