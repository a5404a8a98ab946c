"""Make the PDF of an edition, store it, say how far it has come."""

import logging
import time

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from kb.enums import PaperState
from kb.manuals.papers.printing import print_edition
from kb.manuals.papers.words import words_digest
from kb.models import EditionPaper

logger = logging.getLogger(__name__)
#: Seconds between two notes of progress; each is a write.
NOTE_EVERY = 1.0
#: How often it is printed while its words change; who opens it after that is told that it is of earlier words.
TRIES = 2


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
    try:
        content, words = _printed(paper_pk)
    except Exception:
        unmade.filter(pk=paper_pk).update(state=PaperState.FAILED)
        logger.exception("The PDF of an edition could not be made: paper %s", paper_pk)
        return False
    _store(paper_pk, content, words)
    return True


def _printed(paper_pk: int) -> tuple[bytes, str]:
    """Return the PDF and which words it holds; where a version was published meanwhile, it is printed once more."""
    progress = Progress(paper_pk)
    for _try in range(TRIES):
        # Read anew each time: printing puts the words of the language into the records.
        paper = EditionPaper.objects.select_related("edition__manual__category").get(pk=paper_pk)
        words = words_digest(paper.edition, paper.language)
        printed = print_edition(paper.edition, progress, language=paper.language)
        if words == words_digest(paper.edition, paper.language):
            break
    return printed.content, words


def give_up(paper_pk: int) -> None:
    """Say that a paper was not made, since its worker was killed twice."""
    EditionPaper.objects.filter(pk=paper_pk).exclude(state=PaperState.READY).update(state=PaperState.FAILED)


@transaction.atomic
def _store(paper_pk: int, content: bytes, words: str) -> None:
    stored = EditionPaper.objects.select_for_update().get(pk=paper_pk)
    if stored.state == PaperState.READY:  # another worker was faster
        return
    stored.file.save("edition.pdf", ContentFile(content), save=False)
    stored.state, stored.percent, stored.made_at = PaperState.READY, 100, timezone.now()
    stored.made_of = words
    stored.save()
