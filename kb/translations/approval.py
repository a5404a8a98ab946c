"""Which translated words a second person approved."""

from kb.enums import ReviewDecision
from kb.models import ContentReview, ContentTranslation, Manual
from kb.models.reviews import is_approved

#: What a passage says in the source, and in the language.
Saying = tuple[str, str]


def is_vouched_for(version: ContentTranslation) -> bool:
    """Whether somebody who wrote none of it approved exactly the words readers have."""
    published = version.live_revision
    if published is None:
        return False
    writers = {pk for pk in (version.translator_id, published.user_id) if pk is not None}
    return is_approved(version, published.as_object().serializable_data(), writers)


def sayings_of(version: ContentTranslation) -> set[Saying]:
    """Return the words of a version, each with those of the source it was made from."""
    return {(version.source_words.get(key, ""), words) for key, words in version.words.items()}


def approved_sayings(manual: Manual, language: str) -> set[Saying]:
    """Return what was approved in the chapters of a manual, in any edition: copies have no reviews of theirs."""
    versions = ContentTranslation.objects.filter(chapter__edition__manual=manual, language=language)
    approvals = ContentReview.objects.filter(
        record_label=ContentTranslation._meta.label_lower, decision=ReviewDecision.APPROVED
    )
    reviewed = versions.filter(live_revision__isnull=False, pk__in=approvals.values("record_id"))
    found: set[Saying] = set()
    for version in reviewed.select_related("live_revision"):
        if is_vouched_for(version):
            found |= sayings_of(version)
    return found
