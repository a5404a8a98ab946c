"""Have the PDF of a published edition made in the background; a frozen edition's is never made anew."""

from functools import partial

from django.db import transaction

from kb.enums import PaperState
from kb.manuals.papers.tasks import make_paper
from kb.models import EditionPaper, ManualEdition


@transaction.atomic
def queue_paper(edition: ManualEdition) -> EditionPaper:
    """Queue the PDF of a published edition, unless it is ready or on its way; return its record.

    A paper that failed, or whose file was lost from the storage, is queued again.
    """
    paper, is_new = EditionPaper.objects.select_for_update().get_or_create(edition=edition)
    if is_new or paper.state == PaperState.FAILED or is_lost(paper):
        paper.state, paper.percent, paper.file = PaperState.QUEUED, 0, ""
        paper.save()
        transaction.on_commit(partial(make_paper.enqueue, paper.pk))
    return paper


def is_lost(paper: EditionPaper) -> bool:
    """Whether the storage does not have the file of a ready paper any more, for example after a restore."""
    return paper.state == PaperState.READY and not paper.file.storage.exists(paper.file.name)
