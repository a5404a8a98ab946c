"""Refusals of quizzes and attempts."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class QuizClosed(DomainError):
    """The quiz is not open for attempts."""

    code = "quiz_closed"
    message = _("This quiz is not open at present. Ask your trainer when it will be.")


class HoursFirst(DomainError):
    """The training hours are asked for before the quiz."""

    code = "hours_first"
    message = _("The training hours come before the quiz: %(missing)s. Book a session first.")


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
