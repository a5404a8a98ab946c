"""The short quiz a verdict asks for: made at the publication, drawn only from what cites a changed chapter."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from certification.models import ChangedChapter, DrawRule, QuestionBank, Quiz
from certification.requirements.readings import quiz_code
from certification.revisions.errors import NobodyAnswers, TooFewToAsk
from certification.revisions.queries import BREADTH, widest_bank
from certification.versions.domain import enact
from kb.manuals.changes import carried_chapters, changed_chapters
from kb.models import EditionVerdict

MINUTES_A_QUESTION = 2
PASS_MARK = 80
# The first try and two more; a trainer may release further ones.
ATTEMPTS = 3


def make_quiz(verdict: EditionVerdict) -> Quiz:
    """Make the short quiz of a verdict and keep which chapters it is about; part of the publication.

    Raises:
        NobodyAnswers: nobody gave the verdict.
        TooFewToAsk: fewer than twice as many questions as it shows cite a changed chapter.
    """
    if verdict.given_by is None or verdict.replaces is None:
        raise NobodyAnswers
    chapters = changed_chapters(verdict.replaces, verdict.edition)
    bank, _name, available = widest_bank(chapters)
    asked = verdict.questions or 0
    if bank is None or available < asked * BREADTH:
        raise TooFewToAsk(asked=asked, needed=asked * BREADTH, available=available)
    keep_changed(verdict, chapters)
    with translation.override(settings.LANGUAGE_CODE):
        title = _("What changed: %(edition)s") % {"edition": verdict.edition}
    quiz = Quiz(
        code=quiz_code(verdict.pk),
        title=title[:120],
        bank=QuestionBank.objects.get(pk=bank),
        minutes=asked * MINUTES_A_QUESTION + MINUTES_A_QUESTION,
        pass_mark=PASS_MARK,
        max_attempts=ATTEMPTS,
        wait_hours=1,
        verdict=verdict,
    )
    quiz.draw_rules = [DrawRule(count=asked)]
    enact(quiz, drafted_by=(), approved_by=verdict.given_by, at=verdict.recorded_at)
    return quiz


def keep_changed(verdict: EditionVerdict, chapters: set[int]) -> None:
    """Keep which chapters a verdict is about; those it knows are not kept twice."""
    known = set(verdict.changed_chapters.values_list("chapter", flat=True))
    ChangedChapter.objects.bulk_create(
        ChangedChapter(verdict=verdict, chapter_id=pk) for pk in sorted(set(chapters) - known)
    )


def carry_over(verdict: EditionVerdict) -> None:
    """Let the short quizzes of earlier verdicts on the manual draw from the new edition too."""
    if verdict.replaces is None:
        return
    earlier = EditionVerdict.objects.filter(edition__manual=verdict.edition.manual_id, quiz__isnull=False)
    for each in earlier.exclude(pk=verdict.pk):
        known = set(each.changed_chapters.values_list("chapter", flat=True))
        keep_changed(each, carried_chapters(known, verdict.replaces, verdict.edition))
