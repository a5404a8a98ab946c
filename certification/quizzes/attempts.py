"""Start, answer and submit attempts: the paper is drawn once, the time limit is the server's, every answer is saved.

An answer is accepted until the deadline and ``closing.GRACE`` after it; the browser's clock ends at the deadline.
"""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone

from certification.enums import AttemptState
from certification.kinds import question_kinds
from certification.models import Answer, Attempt, AttemptQuestion, Quiz, Sitting
from certification.questions.errors import UnknownAnswer
from certification.questions.kinds.base import ShownQuestion
from certification.quizzes.closing import close, close_if_overdue, is_overdue
from certification.quizzes.drawing import draw, source_for
from certification.quizzes.eligibility import eligibility
from certification.quizzes.errors import AttemptClosed, SupervisionNeeded
from certification.quizzes.independence import could_read_answers, wrote_any
from certification.quizzes.sittings import is_open
from certification.versions.queries import has_changed, version_in_effect
from portal.access import audit
from portal.models import Person

# Sequences are milliseconds since the start by the server's clock; a browser's may run ahead by so much.
SEQUENCE_SLACK = 60_000

#: What an answer is checked against.
NEEDED_OF_A_QUESTION = (
    *("order", "choice_order", "attempt__state", "attempt__started_at", "attempt__deadline"),
    *("version__kind", "version__parameters", "version__picture", "answer__sequence"),
)


def start_attempt(
    person: Person,
    quiz: Quiz,
    *,
    sitting: Sitting | None = None,
    at: dt.datetime | None = None,
    seed: int | None = None,
) -> Attempt:
    """Start an attempt, or return the one that is running: a second press or a second device continues it.

    Args:
        sitting: of a quiz under supervision, found by the code the assessor tells (``sittings.sitting_of``).
        at: the moment it starts, now by default; earlier ones are for imports and demo data.
        seed: repeats a draw; random by default.

    Raises:
        QuizClosed, NotInWindow, QuizNotForYou, AlreadyPassed, WaitsForMarks, HoursFirst, NoAttemptsLeft,
        WaitBeforeResit: see ``eligibility``.
        SupervisionNeeded: the quiz is taken under supervision and no sitting of it is open.
        TooFewQuestions: the bank cannot fill the paper.
        NotApprovedYet: the quiz has no approved version.
    """
    at = at or timezone.now()
    # Closed in a transaction of its own: it stays closed even if the new attempt is refused.
    for running in Attempt.objects.filter(person=person, quiz=quiz, state=AttemptState.OPEN):
        close_if_overdue(running, at=at)
    with transaction.atomic():
        Person.objects.select_for_update().only("pk").get(pk=person.pk)
        attempt = Attempt.objects.filter(person=person, quiz=quiz, state=AttemptState.OPEN).first()
        if attempt is None:
            refusal = eligibility(person, quiz, at).refusal
            if refusal is not None:
                raise refusal
            if quiz.is_invigilated and not is_open(sitting, quiz, person, at):
                raise SupervisionNeeded
            attempt = _begin(
                person,
                quiz,
                sitting if quiz.is_invigilated else None,
                at,
                secrets.randbits(62) if seed is None else seed,
            )
    return attempt


def _begin(person: Person, quiz: Quiz, sitting: Sitting | None, at: dt.datetime, seed: int) -> Attempt:
    # Locked and read anew: the paper and the version pinned are of one state of the quiz.
    quiz = Quiz.objects.select_for_update(of=("self",)).get(pk=quiz.pk)
    version = version_in_effect(quiz)
    source = source_for(quiz, person)
    paper = draw(quiz, seed, source)
    shown = [drawn.version for drawn in paper]
    attempt = Attempt.objects.create(
        quiz=quiz,
        quiz_version=version,
        could_read_answers=could_read_answers(person, quiz.bank, shown),
        wrote_questions=wrote_any(person, shown),
        changed_quiz=has_changed(person, version),
        person=person,
        number=Attempt.objects.filter(person=person, quiz=quiz).count() + 1,
        seed=seed,
        drawn_from=source.as_data(),
        sitting=sitting,
        started_at=at,
        deadline=at + dt.timedelta(minutes=quiz.minutes),
        pass_mark=quiz.pass_mark,
    )
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(attempt=attempt, order=order, version=drawn.version, choice_order=drawn.choice_order)
        for order, drawn in enumerate(paper, start=1)
    )
    audit.record("certification.attempt_started", attempt, actor=person, quiz=quiz.code)
    return attempt


def save_answer(
    attempt: Attempt,
    order: int,
    values: Sequence[str | int],
    *,
    sequence: int | None = None,
    at: dt.datetime | None = None,
) -> Answer:
    """Keep the answer to question ``order``; a packet older than what is kept changes nothing.

    Args:
        values: what the inputs of the question carry, for choices their positions as shown, counted from 0; empty or
            blank ones take the answer back.
        sequence: the browser's number, milliseconds since the start and growing; None numbers it on the server.

    Returns:
        The answer that is kept now, which may be a newer one than that sent.

    Raises:
        AttemptClosed: handed in, or time ran out (it is then closed with what was saved).
        UnknownAnswer: no such question, or the values do not fit its kind.
    """
    at = at or timezone.now()
    with transaction.atomic():
        shown = _shown(attempt, order)
        is_running = shown is None or (shown.attempt.state == AttemptState.OPEN and not is_overdue(shown.attempt, at))
        if shown is not None and is_running:
            return _keep(shown, values, sequence, at)
    # Closed in a transaction of its own: it stays closed although the answer is refused.
    if close_if_overdue(attempt, at=at) is not None:
        raise AttemptClosed
    raise UnknownAnswer


def _keep(shown: AttemptQuestion, values: Sequence[str | int], sequence: int | None, at: dt.datetime) -> Answer:
    """Keep an answer under the lock of its attempt: one statement, whether there was one or not."""
    response = _response(shown, values)
    kept: Answer | None = getattr(shown, "answer", None)
    clock = _clock(shown.attempt, at)
    number = max(clock, kept.sequence + 1 if kept else 1) if sequence is None else sequence
    if number < 0 or number > clock + SEQUENCE_SLACK:
        raise UnknownAnswer
    if kept is not None and kept.sequence >= number:
        return kept
    answer = Answer(shown=shown, response=response, sequence=number, saved_at=at)
    changed = ["response", "sequence", "saved_at"]
    Answer.objects.bulk_create([answer], update_conflicts=True, unique_fields=["shown"], update_fields=changed)
    return answer


def save_answers(attempt: Attempt, given: Mapping[int, Sequence[str | int]], *, at: dt.datetime | None = None) -> None:
    """Keep several answers at once, as a form without script sends them; the server numbers them.

    Args:
        given: values by question, as in :func:`save_answer`.

    Raises:
        AttemptClosed, UnknownAnswer: as there; nothing is kept then.
    """
    at = at or timezone.now()
    close_if_overdue(attempt, at=at)
    with transaction.atomic():
        locked = _open(attempt)
        shown = {row.order: row for row in locked.questions.select_related("version", "answer")}
        if not set(given) <= set(shown):
            raise UnknownAnswer
        clock = _clock(locked, at)
        rows = []
        for order, values in given.items():
            row = shown[order]
            kept = getattr(row, "answer", None)
            number = max(clock, kept.sequence + 1 if kept else 1)
            rows.append(Answer(shown=row, response=_response(row, values), sequence=number, saved_at=at))
        changed = ["response", "sequence", "saved_at"]
        Answer.objects.bulk_create(rows, update_conflicts=True, unique_fields=["shown"], update_fields=changed)


def _open(attempt: Attempt) -> Attempt:
    """Return the attempt anew, locked.

    Raises:
        AttemptClosed: it is not open any more.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.state != AttemptState.OPEN:
        raise AttemptClosed
    return locked


def _clock(attempt: Attempt, at: dt.datetime) -> int:
    """Return the milliseconds since the start."""
    return max((at - attempt.started_at) // dt.timedelta(milliseconds=1), 0)


def _shown(attempt: Attempt, order: int) -> AttemptQuestion | None:
    """Return the question as shown, with its attempt locked, its version and the answer that is kept.

    Where rows are locked, the lock is a statement of its own: one that waited for it would read the answer as it was
    before it waited. SQLite has locked the database when the transaction began.
    """
    if connection.features.has_select_for_update:
        Attempt.objects.select_for_update().filter(pk=attempt.pk).order_by().values_list("pk", flat=True).first()
    # Building the statement costs more than running it, a column at a time: only what an answer is checked against.
    questions = AttemptQuestion.objects.select_related("attempt", "version", "answer").only(*NEEDED_OF_A_QUESTION)
    return questions.filter(attempt=attempt, order=order).order_by().first()


def _response(row: AttemptQuestion, values: Sequence[str | int]) -> object:
    """Return the response these values mean, as the kind of the question stores it."""
    shown = ShownQuestion(row.version, row.choice_order)
    return question_kinds.get(row.version.kind).read(shown, [str(value) for value in values])


def submit_attempt(attempt: Attempt, *, at: dt.datetime | None = None) -> Attempt:
    """Hand in and score; a second call returns the first one's result."""
    at = at or timezone.now()
    closed = close_if_overdue(attempt, at=at)
    return closed if closed is not None else close(attempt, AttemptState.SUBMITTED, at)
