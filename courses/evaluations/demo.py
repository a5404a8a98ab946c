"""Load demo evaluations through the verbs (idempotent)."""

import datetime as dt
from itertools import cycle

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from courses.enums import EnrolmentState, SessionState
from courses.evaluations.domain import ask_for_reviews, evaluate, invite, is_open
from courses.evaluations.reminders import reminder_letter
from courses.models import Enrolment, Evaluation, EvaluationInvite, Session
from courses.models.evaluations import ASPECTS
from portal.models import PortalNotice
from portal.notices.door import note_in_portal
from portal.notices.reminders import key_of
from portal.registry.demo import data


@transaction.atomic
def load_evaluations() -> dict[str, int]:
    """Evaluations of the sessions that ended lately, one complaint, and the reviews of the effect that are due."""
    if Evaluation.objects.exists():
        return {"evaluations": 0}
    facts = data("evaluations")
    answers, complaint, made = cycle(facts["evaluations"]), facts["complaint"], 0
    ended = Session.objects.filter(state=SessionState.CLOSED, ends_at__lt=timezone.now()).order_by("-ends_at")
    for session in ended[:12]:
        if not is_open(session):
            continue
        invite(session)
        for invited in EvaluationInvite.objects.filter(session=session).select_related("person"):
            said = next(answers)
            scores = dict(zip(ASPECTS, said["numbers"], strict=True))
            evaluate(session, person=invited.person, scores=scores, remark=said["remark"], complaint=complaint)
            complaint, made = "", made + 1
    return {"evaluations": made, "reviews of the effect": ask_for_reviews()}


def load_notices() -> dict[str, int]:
    """Reminders in the portal of the sessions of the coming weeks; no letter is written."""
    made = 0
    coming = Enrolment.objects.filter(state=EnrolmentState.SEATED, session__state=SessionState.SCHEDULED)
    coming = coming.filter(session__starts_at__lt=timezone.now() + dt.timedelta(days=14))
    with translation.override(settings.LANGUAGE_CODE):
        for seat in coming.select_related("person", "session__trainer"):
            path, key = seat.session.get_absolute_url(), key_of("demo", seat.session_id, seat.person_id)
            if not PortalNotice.objects.filter(key=key).exists():
                letter = reminder_letter("session", {"person": seat.person, "session": seat.session, "url": path})
                made += note_in_portal(seat.person, letter, key, "reminders", path)
    return {"notices": made}
