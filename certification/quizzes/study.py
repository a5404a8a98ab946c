"""Having read the sections named after a failed attempt shortens the wait before the next one."""

import datetime as dt

from django.db import transaction

from certification.enums import AttemptState
from certification.models import Attempt, StudyConfirmation
from certification.quizzes.errors import NothingToStudy
from certification.results import held_result, regradings_of
from certification.sections import section_of
from portal.access import audit
from portal.errors import NotAllowed
from portal.models import Person


@transaction.atomic
def confirm_study(attempt: Attempt, *, by: Person, at: dt.datetime | None = None) -> StudyConfirmation:
    """Take the person's word that the reading list was read; a second word returns the first one.

    Raises:
        NotAllowed: another's attempt.
        NothingToStudy: not closed, passed, or without a section to read.
    """
    if attempt.person_id != by.pk:
        raise NotAllowed
    Person.objects.select_for_update().only("pk").get(pk=by.pk)
    fresh = Attempt.objects.select_related("quiz").get(pk=attempt.pk)
    if not can_be_studied(fresh):
        raise NothingToStudy
    facts = {} if at is None else {"confirmed_at": at}
    said, made = StudyConfirmation.objects.get_or_create(attempt=fresh, defaults=facts)
    if made:
        audit.record("certification.study_confirmed", said, actor=by, quiz=fresh.quiz.code, attempt=fresh.pk)
    return said


def can_be_studied(attempt: Attempt) -> bool:
    """Whether the attempt was not passed and names something to read."""
    if attempt.state not in (AttemptState.SUBMITTED, AttemptState.EXPIRED):
        return False
    if held_result(attempt, regradings_of(attempt)).is_passed:
        return False
    wrong = attempt.questions.exclude(answer__is_right=True)
    cited = wrong.select_related("version__chapter__edition__manual", "version__article")
    return any(section_of(row.version, attempt.person) is not None for row in cited)
