"""Make the PDF of an edition, store it, say how far it has come."""

import logging
import time

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from kb.enums import PaperState
from kb.manuals.papers.printing import print_edition
from kb.models import EditionPaper

logger = logging.getLogger(__name__)
#: Seconds between two notes of progress; each is a write.
NOTE_EVERY = 1.0


class Progress:
    """Writes down the percent of a paper, at most once in :data:`NOTE_EVERY`; it never goes back."""

    def __init__(self, paper_pk: int) -> None:
        self.paper_pk = paper_pk
        self.percent = 0
        self.noted_at = 0.0

    def __call__(self, percent: int) -> None:
        """Note that so much is done."""
        now = time.monotonic()
        if percent > self.percent and now - self.noted_at >= NOTE_EVERY:
            self.percent, self.noted_at = percent, now
            EditionPaper.objects.filter(pk=self.paper_pk).update(percent=percent)


def make(paper_pk: int) -> bool:
    """Make a paper that is not ready yet; return whether it was made.

    It is ready or it is not: the file is stored before the record names it, and a file without a record is cleared away
    like other leftovers. Begun again after its worker was killed, it starts from the beginning.
    """
    unmade = EditionPaper.objects.exclude(state=PaperState.READY)
    if not unmade.filter(pk=paper_pk).update(state=PaperState.WORKING, percent=0):
        return False
    paper = EditionPaper.objects.select_related("edition__manual__category").get(pk=paper_pk)
    try:
        printed = print_edition(paper.edition, Progress(paper_pk))
    except Exception:
        unmade.filter(pk=paper_pk).update(state=PaperState.FAILED)
        logger.exception("The PDF of edition %s could not be made", paper.edition_id)
        return False
    _store(paper, printed.content)
    return True


def give_up(paper_pk: int) -> None:
    """Say that a paper was not made, since its worker was killed twice."""
    EditionPaper.objects.filter(pk=paper_pk).exclude(state=PaperState.READY).update(state=PaperState.FAILED)


@transaction.atomic
def _store(paper: EditionPaper, content: bytes) -> None:
    stored = EditionPaper.objects.select_for_update().get(pk=paper.pk)
    if stored.state == PaperState.READY:  # another worker was faster
        return
    stored.file.save("edition.pdf", ContentFile(content), save=False)
    stored.state, stored.percent, stored.made_at = PaperState.READY, 100, timezone.now()
    stored.save()
