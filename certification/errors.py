"""Refusals of certification: each names what happened and what to do next."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class IllegalOrder(DomainError):
    """The ledger does not allow this act after the last one."""

    code = "illegal_order"
    message = _(
        "“%(kind)s” cannot follow “%(last)s” in the ledger of this qualification. Nothing was written; "
        "open the person's file to see where it stands."
    )


class ActBeforeGrant(DomainError):
    """An act would hold from a day before the grant it concerns."""

    code = "act_before_grant"
    status = 422
    message = _("The day must not lie before %(day)s, when the qualification begins. Nothing was written.")


class RecordedBackwards(DomainError):
    """An import would write an entry before one that is already known."""

    code = "recorded_backwards"
    status = 422
    message = _("The ledger only grows forward: the last entry is of %(at)s. Nothing was written.")


class AlreadyCorrected(DomainError):
    """The entry has been corrected; correct the correction."""

    code = "already_corrected"
    message = _("This entry has already been corrected. Correct the latest correction instead.")


class NothingCorrected(DomainError):
    """The correction says what the entry says already."""

    code = "nothing_corrected"
    status = 422
    message = _("The entry says this already. Give other days, or say that it should never have been made.")


class LastDayWrong(DomainError):
    """A grant without a last day, or an entry that ends before it begins."""

    code = "last_day_wrong"
    status = 422
    message = _("The last day lies before the first. Nothing was written.")
    NEEDED = _("A qualification is granted until a day. Give the last day; nothing was written.")


class LaterEntryRests(DomainError):
    """A later entry would stand in the ledger without the one it rests on."""

    code = "later_entry_rests"
    message = _(
        "“%(kind)s” of %(day)s rests on this entry and would no longer fit. Correct that later entry first; "
        "nothing was written."
    )


class ActKeyTaken(DomainError):
    """One key was used for two different acts."""

    code = "act_key_taken"
    message = _("This form was already used for another act. Open the form again.")


class ReasonNeeded(DomainError):
    """Taking something away, or allowing something again, needs a reason."""

    code = "reason_needed"
    status = 422
    message = _("Give a reason; it is kept in the ledger.")


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


class UnknownAnswer(DomainError):
    """An answer that is not on the paper."""

    code = "unknown_answer"
    status = 422
    message = _("This answer is not on your paper. Reload the page; what was saved is kept.")


class NotAppointed(NotAllowed):
    """Only a person with the role and an appointment for this equipment may assess."""

    code = "not_appointed"
    message = _("You are not appointed to assess %(category)s on this day. Nothing was signed.")


class OwnAssessment(NotAllowed):
    """Nobody assesses oneself."""

    code = "own_assessment"
    message = _("Nobody can assess oneself. Ask another assessor.")


class IncompleteChecklist(DomainError):
    """Each item needs a judgement."""

    code = "incomplete_checklist"
    status = 422
    message = _("Judge every item before signing: %(count)s are open. What you entered is still here.")


class FutureAssessment(DomainError):
    """An assessment is signed when it was done."""

    code = "future_assessment"
    status = 422
    message = _("An assessment cannot be signed for a day to come.")


class UnknownCertificate(DomainError):
    """No certificate has this number, or the asker may not download it: both look the same."""

    code = "unknown_certificate"
    status = 404
    message = _("No certificate with this number was found. Check the number on the card.")


class NotPrintable(DomainError):
    """A paper that would look valid and is not."""

    code = "not_printable"
    message = _("This certificate is %(standing)s and is not printed. Its public page says so too.")


class StatutoryTwice(DomainError):
    """The card is already on record."""

    code = "statutory_twice"
    message = _("A certificate of this kind with this number and first day is already on record.")


class BadQuestion(DomainError):
    """A question that could not be answered fairly."""

    code = "bad_question"
    status = 422
    TOO_FEW = _("Give at least two answers, none of them empty.")
    ALIKE = _("Two answers are the same.")
    JUDGE_HAS_TWO = _("A right-or-wrong question has exactly two answers.")
    SEVERAL_RIGHT = _("Mark at least two answers as right, or choose another kind.")
    ONE_RIGHT = _("Mark exactly one answer as right.")
