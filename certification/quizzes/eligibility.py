"""Whether a person may start a quiz now, with the reason if not, for pages and domain alike."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from certification.enums import AttemptState
from certification.kinds import requirement_kinds
from certification.ledger.standing import standing_under
from certification.models import Attempt, AttemptRelease, Quiz, ReadingDue, Scheme, StudyConfirmation
from certification.quizzes.errors import (
    AlreadyPassed,
    CertifiedAlready,
    Exempted,
    HoursFirst,
    NoAttemptsLeft,
    NotInWindow,
    QuizClosed,
    QuizNotForYou,
    WaitBeforeResit,
    WaitOrRead,
    WaitsForMarks,
)
from certification.quizzes.excuses import postponed_until
from certification.requirements.base import Asked, day_text
from certification.requirements.differences import KIND as DIFFERENCES
from certification.requirements.evidence import Evidence, evidence_of
from certification.requirements.hints import ways_out
from certification.requirements.quiz import KIND as QUIZ
from certification.requirements.quiz import attempts_of, closed_attempts, exemption_of
from certification.schemes.progress import asked_of, load_requirements, requirements_of, round_of
from portal.audiences import is_staff_member
from portal.errors import DomainError, NotAllowed
from portal.models import Person
from portal.registry.duty import Reason


@dataclass(frozen=True)
class Eligibility:
    """Whether a person may start the quiz, and what prevents it.

    Args:
        refusal: why it cannot be started now; None when it can.
        used: attempts used in this round; ``left`` of ``quiz.max_attempts`` remain.
        open_attempt: an attempt that runs; it is continued rather than started.
        last: the latest closed attempt of this round.
    """

    refusal: DomainError | None
    used: int
    left: int
    open_attempt: Attempt | None
    last: Attempt | None


def eligibility(person: Person, quiz: Quiz, at: dt.datetime | None = None) -> Eligibility:
    """Return whether ``person`` may start ``quiz`` at ``at``, by these rules, in this order:

    1. the quiz is open, the person active, and it is the time for it;
    2. somebody of a customer may take it only after its training, a short quiz on a revision only who is asked to;
    3. it is not passed already in this round (see ``certification.schemes.progress``), and no paper waits for marks;
    4. what precedes a quiz, the training hours, is complete in a scheme that asks for it: 学时达标后方可参加考试;
       whoever passed it for a certificate in force is told so instead of what a renewal would need;
    5. attempts are left, counted since the round began or a trainer released a further re-sit;
    6. the waiting time since the last attempt is over; it is shorter for who has read what the result named.

    Who is exempt needs no attempt, and who has leave to sit it later may begin after the window.
    """
    at = at or timezone.now()
    evidence = evidence_of([person.pk])[person.pk]
    schemes = load_requirements(Scheme.objects.filter(is_active=True, requirements__quiz=quiz).distinct())
    since = _round_of_quiz(evidence, schemes, at)
    closed = _closed_since(evidence, quiz, _counted_from(person, quiz, since))
    running = [attempt for attempt in attempts_of(evidence, quiz.pk) if attempt.state == AttemptState.OPEN]
    refusal = (
        _closed(person, quiz)
        or _not_asked(person, quiz)
        or _passed(evidence, quiz, Asked(timezone.localdate(at), at, since))
        or _exempted(evidence, quiz, Asked(timezone.localdate(at), at, since))
        or _marking(_closed_since(evidence, quiz, since))
        or _window(person, quiz, at)
        or _training_unless_certified(person, quiz, evidence, schemes, at)
        or _attempts(quiz, closed)
        or _waiting(quiz, _closed_since(evidence, quiz, since), at)
    )
    return Eligibility(
        refusal=refusal,
        used=len(closed),
        left=max(quiz.max_attempts - len(closed), 0),
        open_attempt=running[0] if running else None,
        last=closed[-1] if closed else None,
    )


def _closed(person: Person, quiz: Quiz) -> DomainError | None:
    if not person.is_active:
        return NotAllowed()
    return None if quiz.is_active else QuizClosed()


def _not_asked(person: Person, quiz: Quiz) -> DomainError | None:
    """Refuse the short quiz on a revision to whom nobody asked to take it."""
    if quiz.verdict_id is None or ReadingDue.objects.filter(person=person, verdict=quiz.verdict_id).exists():
        return None
    return QuizNotForYou()


def open_quizzes_for(person: Person, quizzes: Iterable[Quiz]) -> list[Quiz]:
    """Return the quizzes that are in use and for this person, whatever hours, tries and waiting say."""
    listed = [quiz for quiz in quizzes if quiz.is_active]
    verdicts = {quiz.verdict_id for quiz in listed} - {None}
    dues = ReadingDue.objects.filter(person=person, verdict__in=verdicts).order_by()
    asked = set(dues.values_list("verdict", flat=True)) if verdicts else set()
    found = [quiz for quiz in listed if quiz.verdict_id is None or quiz.verdict_id in asked]
    if is_staff_member(person):
        return found
    # What somebody of a customer may take depends on each quiz's training; they take few.
    return [quiz for quiz in found if not isinstance(eligibility(person, quiz).refusal, QuizNotForYou)]


def _exempted(evidence: Evidence, quiz: Quiz, asked: Asked) -> DomainError | None:
    exemption = exemption_of(evidence, quiz.pk, asked)
    return Exempted(by=exemption.approver) if exemption else None


def _window(person: Person, quiz: Quiz, at: dt.datetime) -> DomainError | None:
    """Return the refusal outside the window; who has leave to sit it later may begin after its end."""
    if quiz.opens_at is not None and at < quiz.opens_at:
        return NotInWindow(window=window_text(quiz))
    if quiz.closes_at is not None and at >= quiz.closes_at:
        leave = postponed_until(person, quiz)
        if leave is not None and timezone.localdate(at) <= leave:
            return None
        return NotInWindow(window=window_text(quiz))
    return None


def window_text(quiz: Quiz) -> str:
    """Return the window in words; empty without one."""
    opens, closes = (
        formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
        for moment in (quiz.opens_at, quiz.closes_at)
    )
    if opens and closes:
        return _("from %(opens)s to %(closes)s") % {"opens": opens, "closes": closes}
    return _("from %(opens)s on") % {"opens": opens} if opens else _("before %(closes)s") % {"closes": closes}


def _marking(closed: list[Attempt]) -> DomainError | None:
    return WaitsForMarks() if any(attempt.state == AttemptState.MARKING for attempt in closed) else None


def _round_of_quiz(evidence: Evidence, schemes: list[Scheme], at: dt.datetime) -> dt.datetime | None:
    """Return from when attempts count: the latest round among the schemes that ask for the quiz, None in the first.

    A scheme never granted asks for no more than one that was: what renews the one brings the other.
    """
    began = [round_of(evidence, scheme, timezone.localdate(at), at) for scheme in schemes]
    return max((moment for moment in began if moment is not None), default=None)


def _counted_from(person: Person, quiz: Quiz, since: dt.datetime | None) -> dt.datetime | None:
    released = AttemptRelease.objects.filter(person=person, quiz=quiz).order_by("-released_at").first()
    moments = [moment for moment in (since, released.released_at if released else None) if moment]
    return max(moments, default=None)


def _closed_since(evidence: Evidence, quiz: Quiz, since: dt.datetime | None) -> list[Attempt]:
    return closed_attempts(evidence, quiz.pk, Asked(dt.date.max, dt.datetime.max.replace(tzinfo=dt.UTC), since))


def _passed(evidence: Evidence, quiz: Quiz, asked: Asked) -> DomainError | None:
    passed = any(attempt.is_passed for attempt in closed_attempts(evidence, quiz.pk, asked))
    return AlreadyPassed() if passed else None


def _training_unless_certified(
    person: Person, quiz: Quiz, evidence: Evidence, schemes: list[Scheme], at: dt.datetime
) -> DomainError | None:
    refusal = _training(person, quiz, evidence, schemes, at)
    if not isinstance(refusal, HoursFirst) or not any(attempt.is_passed for attempt in attempts_of(evidence, quiz.pk)):
        return refusal
    on = timezone.localdate(at)
    held = [(scheme, standing_under(scheme, evidence.entries[scheme.pk], on, at)) for scheme in schemes]
    until = {scheme.name: where.valid_to for scheme, where in held if where.is_valid}
    if not until:
        return refusal
    sentence = _("%(scheme)s until %(day)s")
    named = [sentence % {"scheme": name, "day": day_text(day)} for name, day in until.items()]
    return CertifiedAlready(schemes="；".join(named))


def _training(
    person: Person, quiz: Quiz, evidence: Evidence, schemes: list[Scheme], at: dt.datetime
) -> DomainError | None:
    by_scheme = [road for scheme in schemes for road in _roads(evidence, scheme, quiz, at)]
    trained = any(reasons and all(reason.met for reason in reasons) for reasons in by_scheme)
    if trained:
        return None
    if not is_staff_member(person):
        return QuizNotForYou()
    if not by_scheme or any(not reasons for reasons in by_scheme):
        return None
    missing = [reason for reason in by_scheme[0] if not reason.met]
    ways = dict.fromkeys(way["message"] for way in ways_out(missing))
    return HoursFirst(missing, missing="；".join(reason.message for reason in missing), ways=" ".join(ways))


def _roads(evidence: Evidence, scheme: Scheme, quiz: Quiz, at: dt.datetime) -> list[list[Reason]]:
    """Return what precedes the quiz in a scheme, for each road on which it is sat."""
    asking = [requirement for requirement in requirements_of(scheme) if requirement.quiz_id == quiz.pk]
    roads = [] if all(row.kind == DIFFERENCES.key for row in asking) else [_training_of(evidence, scheme, at)]
    asked = asked_of(evidence, scheme, timezone.localdate(at), at)
    shown = evidence.shown[DIFFERENCES.key]
    for requirement in asking:
        if requirement.kind == DIFFERENCES.key:
            parts = DIFFERENCES.parts(requirement, shown, asked)
            roads.append([part for part in parts if part.params["kind"] != QUIZ.key])
    return roads


def _training_of(evidence: Evidence, scheme: Scheme, at: dt.datetime) -> list[Reason]:
    asked = asked_of(evidence, scheme, timezone.localdate(at), at)
    return [
        evidence.judge(requirement, asked)
        for requirement in requirements_of(scheme)
        if requirement_kinds.get(requirement.kind).precedes_quiz
    ]


def _attempts(quiz: Quiz, closed: list[Attempt]) -> DomainError | None:
    return NoAttemptsLeft(count=quiz.max_attempts) if len(closed) >= quiz.max_attempts else None


def _waiting(quiz: Quiz, closed: list[Attempt], at: dt.datetime) -> DomainError | None:
    if not closed or closed[-1].closed_at is None:
        return None
    last = closed[-1].closed_at
    until = last + dt.timedelta(hours=quiz.wait_hours)
    sooner = until if quiz.wait_hours_read is None else last + dt.timedelta(hours=quiz.wait_hours_read)
    if at >= until:
        return None
    if StudyConfirmation.objects.filter(attempt=closed[-1].pk).exists():
        return None if at >= sooner else WaitBeforeResit(until=_moment_text(sooner))
    if sooner < until:
        return WaitOrRead(until=_moment_text(until), sooner=_moment_text(max(sooner, at)))
    return WaitBeforeResit(until=_moment_text(until))


def _moment_text(moment: dt.datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
