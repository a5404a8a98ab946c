"""理论考试: a quiz to be passed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.actions import Action
from certification.enums import AttemptState, ExcuseKind, Stage
from certification.ledger.standing import EntryLike, Fact, facts_known
from certification.models import Attempt, Excuse, ExcuseDecision, Requirement, Scheme
from certification.requirements.base import TURNING, Asked, RowKind, day_text
from certification.requirements.evidence import Evidence
from certification.requirements.quiz_rows import (
    EXEMPT_ROW,
    FLAGS,
    MARKED_ROW,
    REGRADED_ROW,
    Later,
    as_known,
    attempt_of,
    later_rows,
)
from certification.requirements.rows import PEOPLE, Row, flag, rows_of
from certification.requirements.seats import SeatFinder
from certification.requirements.taken_over import (
    Shown,
    asked_for_by,
    begun,
    read_taken_over,
    taken_over_rows,
)
from certification.results import with_results
from portal.registry.duty import Reason


class QuizReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    PASSED = "quiz_passed"
    NOT_PASSED = "quiz_not_passed"
    EXEMPTED = "quiz_exempted"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Leave not to sit a quiz (免考), and who gave it."""

    key: int
    decided_at: dt.datetime
    approver: str
    reason: str


class Attempts(Shown[Attempt]):
    """Somebody's attempts by quiz, oldest first, with what was taken over and the exemptions beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.exemptions: dict[int, list[Exemption]] = defaultdict(list)


class QuizKind(RowKind):
    """A passed quiz; what is loaded are the attempts by quiz, oldest first."""

    key = "quiz"
    label = gettext_lazy("Quiz")
    order = 20
    fields = ("quiz",)
    constraint = Q(quiz__isnull=False)
    codes = frozenset(QuizReason.values)
    proof_params = ("quiz", "attempt", "score", "taken_over", "excuse", "approver", "because")

    def panels(self) -> list[Panel]:
        """The quiz."""
        return [FieldPanel("quiz")]

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The attempts."""
        return self.rows_about(self.key, self.asked_for(of_schemes=of_schemes))[0]

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """What was shown before the portal, the approved exemptions, and what became of results later."""
        return self.rows_about(self.key, self.asked_for(of_schemes=of_schemes))[1:]

    def rows_about(self, source: str, named: Mapping[str, Any]) -> list[QuerySet[Any]]:
        """Return the queries of what was shown of quizzes, for any kind that asks for some: the attempts come first.

        Args:
            named: the filter of the quizzes.
        """
        attempts = rows_of(
            Attempt.objects.filter(person__in=PEOPLE, **named),
            source,
            "quiz_id",
            moments=["started_at", "closed_at"],
            numbers=["score", flag("is_passed"), *map(flag, FLAGS)],
            texts=["state"],
        )
        return [attempts, taken_over_rows(self.key, named, source), *later_rows(source, named)]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Attempts]:
        """By quiz, oldest first, each with the results it had and the one that holds."""
        found = {pk: Attempts() for pk in person_ids}
        listed = sorted(read_taken_over(found, rows), key=lambda row: (row.moment_1, row.key))
        later = Later.of(listed)
        for row in listed:
            if row.text_1 in (REGRADED_ROW, MARKED_ROW):
                continue
            if row.text_1 == EXEMPT_ROW:
                moment = cast("dt.datetime", row.moment_1)
                exemption = Exemption(row.key, moment, row.text_2 or "", row.text_3 or "")
                found[row.person].exemptions[row.subject].append(exemption)
                continue
            found[row.person][row.subject].append(attempt_of(row, later.results(row)))
        return found

    def is_untouched(self, requirement: Requirement, shown: Attempts) -> bool:
        """Nothing on record."""
        return not shown.has(requirement.quiz_id) and requirement.quiz_id not in shown.exemptions

    def judge(self, requirement: Requirement, shown: Attempts, asked: Asked) -> Reason:
        """Look for the first passed attempt of the round, else report the best result."""
        quiz = requirement.quiz
        if quiz is None:
            raise ValueError(f"{requirement} names no quiz")
        closed = _closed(shown.get(quiz.pk, ()), asked)
        passed = next((attempt for attempt in closed if attempt.is_passed), None)
        facts = {"quiz": quiz.title, "mark": quiz.pass_mark}
        params: dict[str, Any] = {"quiz": quiz.code, "pass_mark": quiz.pass_mark}
        if passed is not None:
            message = _("%(quiz)s passed with %(score)s points") % (facts | {"score": passed.score})
            params |= {"score": passed.score, "attempt": passed.pk}
            return self.reason(requirement, QuizReason.PASSED, message, met=True, **params)
        taken = shown.first_taken(quiz.pk, asked)
        if taken is not None:
            facts |= {"score": taken.number, "day": day_text(taken.day)}
            message = _("%(quiz)s passed on paper on %(day)s with %(score)s points, taken over") % facts
            params |= {"score": taken.number, "taken_over": [taken.pk]}
            return self.reason(requirement, QuizReason.PASSED, message, met=True, **params)
        exemption = _exemption(shown, quiz.pk, asked)
        if exemption is not None:
            return self.exempted(requirement, exemption)
        if any(attempt.state == AttemptState.MARKING for attempt in closed):
            message = _("%(quiz)s handed in, written answers are being marked") % facts
            tries = len(closed) - 1
            return self.reason(requirement, QuizReason.NOT_PASSED, message, met=False, tries=tries, **params)
        if closed:
            best = max(attempt.score or 0 for attempt in closed)
            message = _("%(quiz)s not passed: best result %(score)s, %(mark)s needed") % (facts | {"score": best})
            params["score"] = best
        else:
            message = _("%(quiz)s not passed yet (%(mark)s points needed)") % facts
        return self.reason(requirement, QuizReason.NOT_PASSED, message, met=False, tries=len(closed), **params)

    def exempted(self, requirement: Requirement, exemption: Exemption) -> Reason:
        """Return the exemption as a met reason, with who gave it and why."""
        quiz = requirement.quiz
        if quiz is None:
            raise ValueError(f"{requirement} names no quiz")
        facts = {"quiz": quiz.title, "by": exemption.approver, "reason": exemption.reason}
        message = _("%(quiz)s: exempted by %(by)s (%(reason)s)") % facts
        params = {"quiz": quiz.code, "excuse": exemption.key, "approver": exemption.approver}
        because = exemption.reason
        return self.reason(requirement, QuizReason.EXEMPTED, message, met=True, because=because, **params)

    def begun_by(self, person: Model) -> Q:
        """An attempt was started, or an exemption given."""
        attempts = Attempt.objects.filter(person=person)
        exempt = ExcuseDecision.objects.filter(
            is_approved=True, excuse__kind=ExcuseKind.EXEMPTED, excuse__person=person
        )
        found = Q(requirements__quiz__in=attempts.order_by().values("quiz")) | begun(self.key, person)
        return found | Q(requirements__quiz__in=exempt.order_by().values("excuse__quiz"))

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """The quiz was passed, or need not be."""
        passed = self.in_round(with_results(Attempt.objects).filter(held_passed=True), schemes, "closed_at")
        exempt = Excuse.objects.filter(kind=ExcuseKind.EXEMPTED, decision__is_approved=True)
        return passed.union(self.in_round(exempt, schemes, "decision__decided_at"), asked_for_by(schemes, self.key))

    def has_failed(self, reason: Reason) -> bool:
        """Tried and not passed."""
        return not reason.met and bool(reason.params["tries"])

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """A re-sit after a failed attempt; ready for the first one when what precedes it was shown."""
        if self.has_failed(reason):
            return Stage.RESIT
        return Stage.READY_FOR_QUIZ if begun else Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """The quiz itself."""
        return "", Action(_("Go to the quiz"), reverse("certification:quiz", args=[reason.params["quiz"]]))

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """The quiz itself."""
        return _("Take this quiz."), reverse("certification:quiz", args=[reason.params["quiz"]])

    def score(self, reason: Reason) -> int | None:
        """Points of the passed attempt."""
        return reason.params.get("score")


def _closed(attempts: Iterable[Attempt], asked: Asked) -> list[Attempt]:
    return [
        as_known(attempt, asked.known_at)
        for attempt in attempts
        if attempt.closed_at and asked.counts(timezone.localdate(attempt.closed_at), attempt.closed_at)
    ]


KIND = QuizKind()


def _exemption(shown: Attempts, quiz_id: int, asked: Asked) -> Exemption | None:
    given = shown.exemptions.get(quiz_id, ())
    return next((each for each in given if asked.counts(timezone.localdate(each.decided_at), each.decided_at)), None)


def exemption_of(evidence: Evidence, quiz_id: int, asked: Asked) -> Exemption | None:
    """Return the exemption that counts, None without one."""
    return _exemption(evidence.shown[KIND.key], quiz_id, asked)


def exemptions_behind(
    evidence: Evidence, requirements: Iterable[Requirement], entries: Iterable[EntryLike], grant: Fact
) -> list[Reason]:
    """Return the exemptions a grant rests on, as met reasons: whoever relies on the grant sees them.

    The round is the one that ran when it was granted: acts that had been taken back by then began none.
    """
    if getattr(grant.root, "taken_over", ""):
        # It rests on the certificate of before, on nothing shown here.
        return []
    granted, shown = grant.root.recorded_at, evidence.shown[KIND.key]
    exempted = [each for each in requirements if each.quiz_id is not None and each.quiz_id in shown.exemptions]
    if not exempted:
        return []
    turning = [
        fact for fact in facts_known(entries, granted) if fact.kind in TURNING and fact.root.recorded_at < granted
    ]
    asked = Asked(
        dt.date.max,
        granted,
        max((fact.root.recorded_at for fact in turning), default=None),
        max((fact.valid_from for fact in turning), default=None),
    )
    found = []
    for requirement in exempted:
        exemption = exemption_of(evidence, requirement.quiz_id, asked)
        passed = any(attempt.is_passed for attempt in closed_attempts(evidence, requirement.quiz_id, asked))
        if exemption is not None and not passed and shown.first_taken(requirement.quiz_id, asked) is None:
            found.append(KIND.exempted(requirement, exemption))
    return found


def attempts_of(evidence: Evidence, quiz_id: int) -> list[Attempt]:
    """Return somebody's attempts at a quiz, running ones too, oldest first."""
    attempts: Attempts = evidence.shown[KIND.key]
    return attempts.get(quiz_id, [])


def closed_attempts(evidence: Evidence, quiz_id: int, asked: Asked) -> list[Attempt]:
    """Return the attempts that were handed in or ran out and count, oldest first."""
    return _closed(attempts_of(evidence, quiz_id), asked)


def failed_quizzes(reasons: Iterable[Reason]) -> list[str]:
    """Return the codes of the quizzes tried and not passed, for which a re-sit may be released."""
    return [reason.params["quiz"] for reason in reasons if reason.code in KIND.codes and KIND.has_failed(reason)]


def open_quizzes(reasons: Iterable[Reason]) -> list[str]:
    """Return the codes of the quizzes that are not passed, from which somebody may be excused."""
    return [reason.params["quiz"] for reason in reasons if reason.code == QuizReason.NOT_PASSED]
