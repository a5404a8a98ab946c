"""Refusals of quizzes and attempts."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError
from portal.registry.duty import Reason


class QuizClosed(DomainError):
    """The quiz is not open for attempts."""

    code = "quiz_closed"
    message = _("This quiz is not open at present. Ask your trainer when it will be.")


class NotInWindow(DomainError):
    """The quiz is open from a moment to another, and this is outside."""

    code = "not_in_window"
    message = _("This quiz can be started %(window)s. If you cannot come then, tell your trainer.")


class WaitsForMarks(DomainError):
    """Written answers of the last attempt are not marked yet."""

    code = "waits_for_marks"
    message = _(
        "Your written answers are being marked. You will see the result here; until then nothing is to be done."
    )


class SupervisionNeeded(DomainError):
    """The quiz starts with the code of an assessor on the spot."""

    code = "supervision_needed"
    status = 403
    message = _("This quiz is taken under supervision. Ask the assessor on the spot for the code and type it here.")


class WrongCode(DomainError):
    """No sitting that is open now has this code."""

    code = "wrong_code"
    status = 422
    message = _("No sitting of this quiz that is open now has this code. Ask the assessor to read it out again.")


class NotYourPaper(DomainError):
    """Nobody marks or regrades what is their own, or what they are not appointed for."""

    code = "not_your_paper"
    status = 403
    message = _("You cannot decide about this paper: it is your own, or not of equipment you are appointed to assess.")


class NothingToMark(DomainError):
    """The answer was marked already, or never waited for it."""

    code = "nothing_to_mark"
    message = _("This answer does not wait for a mark any more. Nothing was changed.")


class AlreadyRegraded(DomainError):
    """A decision about this question stands."""

    code = "already_regraded"
    message = _("It was decided already what becomes of this question. Nothing was changed.")


class HoursFirst(DomainError):
    """What a scheme asks for before the quiz is missing: training hours, a manual to be read.

    Args:
        reasons: what is missing, in the order of the scheme.
        missing: the same in words; ``ways`` says what to do about each.
    """

    code = "hours_first"
    message = _("Before the quiz this is missing: %(missing)s. %(ways)s")

    def __init__(self, reasons: Sequence[Reason] = (), **params: str) -> None:
        super().__init__(**params)
        self.reasons = reasons


class QuizNotForYou(DomainError):
    """Somebody from outside the network may take a quiz only after the training."""

    code = "quiz_not_for_you"
    status = 403
    message = _("This quiz is for people who have taken its training. Ask your trainer.")


class AlreadyPassed(DomainError):
    """Nothing to be gained by another attempt."""

    code = "already_passed"
    message = _("You have passed this quiz. Nothing more is needed.")


class CertifiedAlready(DomainError):
    """The quiz was passed for a certificate in force; what is asked for again is asked for the renewal only."""

    code = "certified_already"
    message = _(
        "You have passed this quiz and are certified: %(schemes)s. Nothing is missing. "
        "For a renewal, attend the training again first; then the quiz opens once more."
    )


class NoAttemptsLeft(DomainError):
    """First attempt and re-sits are used up."""

    code = "no_attempts_left"
    message = _(
        "All %(count)s attempts are used. Repeat the training and ask your trainer to release a further re-sit."
    )


class WaitBeforeResit(DomainError):
    """A re-sit needs some time to learn."""

    code = "wait_before_resit"
    message = _("The re-sit opens at %(until)s. Use the time to read the sections named in your result.")


class TooFewQuestions(DomainError):
    """The bank cannot fill the paper."""

    code = "too_few_questions"
    message = _("The question bank holds too few questions for this quiz. Tell your trainer; nothing was started.")


class AttemptClosed(DomainError):
    """The attempt was handed in, or its time ran out."""

    code = "attempt_closed"
    message = _("This attempt is closed. What was saved before is kept and counted.")


class WaitOrRead(WaitBeforeResit):
    """A re-sit needs some time to learn; having read shortens it."""

    message = _(
        "The re-sit opens at %(until)s; at %(sooner)s already once you have read the sections named in your result and "
        "confirmed it there."
    )


class Exempted(DomainError):
    """Somebody decided that the quiz need not be sat."""

    code = "exempted"
    message = _("You are exempt from this quiz (%(by)s). Nothing more is needed.")


class NothingToStudy(DomainError):
    """Only the reading list of a failed attempt is confirmed."""

    code = "nothing_to_study"
    message = _("There is no reading list to confirm for this attempt.")


class AlreadyDecided(DomainError):
    """An excuse is decided on once."""

    code = "already_decided"
    message = _("This was decided already. Nothing was changed.")


class DayIsPast(DomainError):
    """A postponed quiz is sat by a day that is still to come."""

    code = "day_is_past"
    status = 422
    message = _("Say by which day the quiz is sat, today or later.")


class RevisionIsNotExcused(DomainError):
    """What changed in a manual is known by everybody who works by it."""

    code = "revision_is_not_excused"
    status = 422
    message = _(
        "This is the short quiz on a revised manual. Whoever holds the qualification sits it; nobody is exempt."
    )


class NobodyAsksForIt(DomainError):
    """An exemption counts for the schemes that ask for the quiz."""

    code = "nobody_asks_for_it"
    status = 422
    message = _("No scheme in force asks for this quiz, so there is nothing to be exempt from. Nothing was recorded.")
