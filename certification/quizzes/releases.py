"""Further tries after the re-sits of a quiz are used up."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from certification.errors import ActKeyTaken, ReasonNeeded
from certification.models import AttemptRelease, Quiz
from portal.access import audit
from portal.models import Person


@transaction.atomic
def release_attempts(
    person: Person,
    quiz: Quiz,
    *,
    by: Person,
    reason: str,
    form_key: uuid.UUID,
    at: dt.datetime | None = None,
) -> AttemptRelease:
    """Let somebody try again after the re-sits are used up; attempts count anew from here. Once a ``form_key``.

    Raises:
        ReasonNeeded: no reason given.
        ActKeyTaken: the key belongs to another release.
    """
    if not reason.strip():
        raise ReasonNeeded
    release, made = AttemptRelease.objects.get_or_create(
        form_key=form_key,
        defaults={
            "person": person,
            "quiz": quiz,
            "released_by": by,
            "released_at": at or timezone.now(),
            "reason": reason.strip(),
        },
    )
    if made:
        facts = {"person": person.pk, "quiz": quiz.code, "reason": release.reason}
        audit.record("certification.attempts_released", release, actor=by, **facts)
    elif (release.person_id, release.quiz_id) != (person.pk, quiz.pk):
        raise ActKeyTaken
    return release
