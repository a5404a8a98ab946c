"""Regular jobs: remind of sessions, of evaluations to fill in, of reviews of the effect; each once."""

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from courses.enums import EnrolmentState, SessionState
from courses.evaluations.domain import OPEN_DAYS, invite
from courses.evaluations.permissions import reviews_for
from courses.models import EffectReview, Enrolment, EvaluationInvite, Meeting, Session
from courses.sessions.events import absolute
from courses.sessions.superiors import managers_of, superiors_of
from portal.models import Person
from portal.notices.reminders import key_of, remind_once

#: How long before a session people are reminded.
BEFORE = dt.timedelta(hours=24)
#: For how many days after a session people are asked for an evaluation they have not given.
ASKED_FOR = dt.timedelta(days=7)


def reminder_letter(what: str, context: dict[str, Any]) -> EmailMessage:
    """Return the letter of a reminder: of a session, of an evaluation, of a review of the effect."""
    context = context | {"what": what}
    return EmailMessage(
        subject=" ".join(render_to_string("courses/evaluations/mail/subject.txt", context).split()),
        body=render_to_string("courses/evaluations/mail/body.txt", context),
        headers={"Auto-Submitted": "auto-generated"},
    )


def remind_of_sessions() -> int:
    """Remind those who have a seat, and the trainer, a day before each meeting; a session moved since reminds anew."""
    now = timezone.now()
    soon = Meeting.objects.filter(starts_at__gt=now, starts_at__lte=now + BEFORE)
    # Check-in of a course is open from its first meeting to its last.
    ahead = Q(session__state=SessionState.SCHEDULED) | Q(session__state=SessionState.OPEN, number__gt=1)
    reminded = 0
    with translation.override(settings.LANGUAGE_CODE):
        for meeting in soon.filter(ahead).select_related("session__trainer", "session__organisation"):
            session = meeting.session
            # The first meeting is reminded of as the session is, whatever its number of meetings becomes.
            which = [meeting.pk] if meeting.number > 1 else []
            seats = Enrolment.objects.filter(session=session, state=EnrolmentState.SEATED).select_related("person")
            for person in [session.trainer, *(seat.person for seat in seats)]:
                path = session.get_absolute_url()
                facts = {"person": person, "session": session, "meeting": meeting, "url": absolute(path)}
                key = key_of("session", session.pk, session.sequence, person.pk, *which)
                compose = partial(reminder_letter, "session", facts)
                reminded += remind_once(key, person, compose, kind="reminders", path=path)
    return reminded


def remind_of_evaluations() -> int:
    """Ask those who were there, in the week after a session, for the evaluation they have not given."""
    now = timezone.now()
    held = Session.objects.filter(state=SessionState.CLOSED, ends_at__lte=now, ends_at__gt=now - ASKED_FOR)
    reminded = 0
    with translation.override(settings.LANGUAGE_CODE):
        for session in held.select_related("trainer"):
            invite(session)
            open_ones = EvaluationInvite.objects.filter(session=session, is_used=False, person__isnull=False)
            path = reverse("courses:evaluate", args=[session.uid])
            for invited in open_ones.select_related("person"):
                assert invited.person is not None
                facts = {"person": invited.person, "session": session, "url": absolute(path), "days": OPEN_DAYS}
                key = key_of("evaluation", session.pk, invited.person_id)
                compose = partial(reminder_letter, "evaluation", facts)
                reminded += remind_once(key, invited.person, compose, kind="evaluations", path=path)
    return reminded


def remind_of_effects() -> int:
    """Ask the managers above for the reviews that are due."""
    due = EffectReview.objects.filter(reviewed_at=None, due_on__lte=timezone.localdate())
    due = due.filter(due_on__gt=timezone.localdate() - dt.timedelta(days=60))
    reminded = 0
    with translation.override(settings.LANGUAGE_CODE):
        for review in due.select_related("attendance__enrolment__session", "attendance__enrolment__person"):
            learner = review.attendance.enrolment.person
            path = reverse("courses:effect", args=[review.pk])
            for person in _reviewers(review):
                facts = {"person": person, "learner": learner, "session": review.attendance.enrolment.session}
                compose = partial(reminder_letter, "effect", facts | {"url": absolute(path), "days": review.after_days})
                key = key_of("effect", review.pk, person.pk)
                reminded += remind_once(key, person, compose, kind="effects", path=path)
    return reminded


def _reviewers(review: EffectReview) -> list[Person]:
    """Return who stands above the person and may review; where none of them may, the managers of the branch."""
    learner = review.attendance.enrolment.person
    above = [one for one in superiors_of(learner) if reviews_for(one).filter(pk=review.pk).exists()]
    return above or managers_of(learner)
