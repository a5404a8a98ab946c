"""Load demo evaluations through the verbs (idempotent)."""

from itertools import cycle

from django.db import transaction
from django.utils import timezone

from courses.enums import SessionState
from courses.evaluations.domain import ask_for_reviews, evaluate, invite, is_open
from courses.models import Evaluation, EvaluationInvite, Session
from courses.models.evaluations import ASPECTS
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
