"""Questions whose source has changed: suspended from certifying draws until a keeper of the bank has looked at them.

A question cites a chapter or a fault article, and ``QuestionVersion.cited`` keeps what that said when the two were last
compared: the edition and a digest of the text that holds now under the cited number. When an edition or an article is
published, questions whose digest differs are suspended. Saving a question or saying that it still holds ends that.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.models import Question, QuestionVersion
from certification.sections import state_of
from kb.models import FaultArticle, ManualEdition
from portal.access import audit
from portal.errors import NotAllowed
from portal.models import Person

PERMISSION = "certification.change_question"


@transaction.atomic
def suspend_changed(versions: Iterable[QuestionVersion], because: str, *, at: dt.datetime | None = None) -> int:
    """Suspend the questions of ``versions`` whose section says something else than when they were compared.

    Args:
        versions: current ones, with chapter, its edition and manual, and article.
        because: what was published, for whoever reviews them.

    Returns:
        How many were suspended; those that are suspended already stay so.
    """
    count = 0
    for version in versions:
        if not version.cited or version.cited.get("digest") == state_of(version).get("digest"):
            continue
        question = Question.objects.select_for_update().get(pk=version.question_id)
        if question.suspended_at is not None:
            continue
        question.suspended_at, question.suspended_because = at or timezone.now(), because[:300]
        question.save(update_fields=["suspended_at", "suspended_because"])
        audit.record("certification.question_suspended", question, because=because)
        count += 1
    return count


def citing_versions() -> QuerySet[QuestionVersion]:
    """Return the current versions that cite something, with what they cite."""
    current = QuestionVersion.objects.filter(is_current=True).exclude(cited={})
    return current.select_related("question", "chapter__edition__manual", "article__live_revision")


def edition_published(edition: ManualEdition) -> int:
    """Suspend the questions that cite a manual whose new edition says something else; return how many."""
    cited = citing_versions().filter(chapter__edition__manual=edition.manual_id)
    facts = {"manual": edition.manual, "edition": edition.edition}
    return suspend_changed(cited, _("%(manual)s, edition %(edition)s, was published.") % facts)


def article_published(article: FaultArticle) -> int:
    """Suspend the questions that cite an article whose new revision says something else; return how many."""
    return suspend_changed(
        citing_versions().filter(article=article), _("Article %(number)s was changed.") % {"number": article.number}
    )


def lift_suspension(version: QuestionVersion, by: Person | None) -> QuestionVersion:
    """End the suspension of a question that was just saved; return its version."""
    question = version.question
    if question.suspended_at is not None:
        question.suspended_at, question.suspended_because = None, ""
        question.save(update_fields=["suspended_at", "suspended_because"])
        audit.record("certification.question_reviewed", question, actor=by, version=version.number, cited=version.cited)
    return version


@transaction.atomic
def confirm_question(question: Question, *, by: Person) -> QuestionVersion:
    """Say that a suspended question still holds as it is; it is drawn again. A second call changes nothing.

    Raises:
        NotAllowed: not a keeper of the bank.
    """
    if not by.has_perm(PERMISSION):
        raise NotAllowed
    locked = Question.objects.select_for_update().get(pk=question.pk)
    version = citing_or_current(locked)
    version.question = locked
    if locked.suspended_at is None:
        return version
    version.cited = state_of(version)
    version.save(update_fields=["cited"])
    return lift_suspension(version, by)


def citing_or_current(question: Question) -> QuestionVersion:
    """Return the current version with what it cites."""
    current = QuestionVersion.objects.filter(question=question, is_current=True)
    return current.select_related("question", "chapter__edition__manual", "article__live_revision").get()


def suspended_questions() -> QuerySet[QuestionVersion]:
    """Return the current versions of suspended questions, longest first."""
    current = QuestionVersion.objects.filter(is_current=True, question__suspended_at__isnull=False)
    related = current.select_related("question__bank", "chapter__edition__manual", "article")
    return related.order_by("question__suspended_at", "question__ref")
