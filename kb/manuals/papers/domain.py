"""Ask for the PDFs of an edition: one a language, made in the background, kept while they say what readers read."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from kb.enums import PaperState
from kb.manuals.papers.tasks import make_paper
from kb.manuals.papers.words import words_digest
from kb.models import ContentTranslation, EditionPaper, ManualEdition
from kb.translations.queries import languages_in


@transaction.atomic
def queue_paper(edition: ManualEdition, language: str = settings.LANGUAGE_CODE) -> EditionPaper:
    """Queue the PDF of a published edition in a language, unless it is ready or on its way; return its record.

    A paper that failed, whose file was lost from the storage or whose words are no longer those readers have is queued
    again.
    """
    stored = EditionPaper.objects.select_for_update()
    paper, is_new = stored.get_or_create(edition=edition, language=language)
    if is_new or paper.state == PaperState.FAILED or is_lost(paper) or is_outdated(paper):
        paper.state, paper.percent, paper.file = PaperState.QUEUED, 0, ""
        paper.save()
        transaction.on_commit(partial(make_paper.enqueue, paper.pk))
    return paper


def queue_papers(edition: ManualEdition) -> None:
    """Queue the PDFs of a published edition in the language of the source and in those it has versions in."""
    for language in (settings.LANGUAGE_CODE, *languages_in(edition)):
        queue_paper(edition, language)


def is_lost(paper: EditionPaper) -> bool:
    """Whether the storage does not have the file of a ready paper any more, for example after a restore."""
    return paper.state == PaperState.READY and not paper.file.storage.exists(paper.file.name)


def is_outdated(paper: EditionPaper) -> bool:
    """Whether a ready paper holds other words than its readers have by now: versions go on, editions do not."""
    return paper.state == PaperState.READY and paper.made_of != words_digest(paper.edition, paper.language)


def remake_papers(sender: Any, instance: ContentTranslation, **kwargs: Any) -> None:
    """Have the PDFs made anew that hold words of a version (a receiver of ``published`` and ``unpublished``)."""
    edition = _edition_of(instance)
    if edition is not None and instance.language in languages_in(edition):
        queue_paper(edition, instance.language)


def _edition_of(version: ContentTranslation) -> ManualEdition | None:
    """Return the edition whose PDF a version stands in: of a manual's title its current one."""
    if version.chapter is not None:
        return version.chapter.edition if version.chapter.edition.is_published else None
    return version.manual.editions.published().first() if version.manual is not None else None
