"""Mark written answers: by an assessor of the equipment, never one's own; the last mark closes the paper."""

import datetime as dt
from fractions import Fraction

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from certification.enums import AttemptState
from certification.kinds import question_kinds
from certification.models import Answer, AssessorAppointment, Attempt, Mark
from certification.permissions import is_assessor
from certification.quizzes.closing import asked_rows, finish, lock
from certification.quizzes.errors import NothingToMark, NotYourPaper
from portal.access import audit
from portal.access.changes import snapshot
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import Person

# What an assessor may give, in percent.
STEPS = (0, 25, 50, 75, 100)


def person_marked_kinds() -> list[str]:
    """Return the keys of the kinds a person marks."""
    return [kind.key for kind in question_kinds if kind.is_marked_by_person]


def may_mark(assessor: Person, attempt: Attempt, day: dt.date) -> bool:
    """Whether the person is an assessor appointed for the bank's category that day, and the paper is another's."""
    if assessor.pk == attempt.person_id or not is_assessor(assessor):
        return False
    paths = self_and_ancestor_paths(attempt.quiz.bank.category)
    return AssessorAppointment.objects.valid_on(day).filter(person=assessor, category__path__in=paths).exists()


def waiting_papers(assessor: Person, day: dt.date) -> QuerySet[Attempt]:
    """Return the papers that wait for marks this assessor may give, the oldest first, with ``open_answers``."""
    if not is_assessor(assessor):
        return Attempt.objects.none()
    mine = AssessorAppointment.objects.valid_on(day).filter(person=assessor).values_list("category__path", flat=True)
    below = Q(pk__in=[])
    for path in mine:
        below |= Q(quiz__bank__category__path__startswith=path)
    waits = Attempt.objects.filter(below, state=AttemptState.MARKING).exclude(person=assessor)
    is_open = Q(questions__answer__credit__isnull=True, questions__version__kind__in=person_marked_kinds())
    counted = waits.annotate(open_answers=Count("questions__answer", filter=is_open))
    return counted.select_related("quiz", "person__organisation").order_by("closed_at", "pk")


def open_answers(attempt: Attempt) -> QuerySet[Answer]:
    """Return the answers of a paper that wait for a mark, in the order asked."""
    answers = Answer.objects.filter(shown__attempt=attempt, credit__isnull=True)
    waiting = answers.filter(shown__version__kind__in=person_marked_kinds())
    return waiting.select_related("shown__version").order_by("shown__order")


@transaction.atomic
def mark_answer(
    answer: Answer, *, by: Person, percent: int, remark: str = "", at: dt.datetime | None = None
) -> Attempt:
    """Give a written answer its mark; when it was the last one, the paper gets its result.

    Args:
        percent: one of ``STEPS``.

    Returns:
        The attempt, with its result if nothing else waits.

    Raises:
        NotYourPaper: one's own, or of equipment one is not appointed for.
        NothingToMark: it has a mark, or waits for none.
        ValueError: not a step.
    """
    if percent not in STEPS:
        raise ValueError(percent)
    at = at or timezone.now()
    attempt = lock(Attempt.objects.get(questions__answer=answer))
    if not may_mark(by, attempt, timezone.localdate(at)):
        raise NotYourPaper
    kept = open_answers(attempt).filter(pk=answer.pk).first()
    if attempt.state != AttemptState.MARKING or kept is None:
        raise NothingToMark
    share = Fraction(percent, 100)
    mark = Mark.objects.create(answer=kept, marked_by=by, marked_at=at, credit=percent / 100, remark=remark.strip())
    kept.credit, kept.is_right = mark.credit, share == 1
    kept.save(update_fields=["credit", "is_right"])
    facts = {"person": attempt.person_id, "question": kept.shown.order, "percent": percent}
    audit.record("certification.answer_marked", mark, actor=by, attempt=attempt.pk, **facts)
    if open_answers(attempt).exists():
        return attempt
    is_late = attempt.closed_at is not None and attempt.closed_at >= attempt.deadline
    state = AttemptState.EXPIRED if is_late else AttemptState.SUBMITTED
    return finish(attempt, state, asked_rows(attempt), before=snapshot(attempt), award_at=at)
