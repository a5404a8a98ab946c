"""Refusals of the question bank and of answers to its questions."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class BadQuestion(DomainError):
    """A question that could not be answered fairly."""

    code = "bad_question"
    status = 422
    TOO_FEW = _("Give at least two answers, none of them empty.")
    ALIKE = _("Two answers are the same.")
    JUDGE_HAS_TWO = _("A right-or-wrong question has exactly two answers.")
    SEVERAL_RIGHT = _("Mark at least two answers as right, or choose another kind.")
    ONE_RIGHT = _("Mark exactly one answer as right.")
    NO_NUMBER = _(
        "Give at least one number that earns all of the credit; numbers, tolerances and percents must be readable."
    )
    NEGATIVE = _("A tolerance is not negative, and the factor of a unit is more than nothing.")
    NO_UNIT = _("Name the unit before you name others that may stand for it.")
    NO_WORDS = _("Give each blank at least one text that earns all of the credit; ten blanks at most.")
    TOO_FEW_STEPS = _("Give three steps or more, %(most)s at most, a line each.")
    TOO_FEW_PAIRS = _("Give two pairs or more, %(most)s at most, and at least two answers to choose from.")
    NO_PICTURE = _("Choose the picture in which the place is to be found.")
    NO_FIELD = _("Name the right fields, A1 to H6, and not more than half of the picture.")
    NO_GUIDE = _("Write down what a full answer says, so that everybody marks alike.")


class UnknownAnswer(DomainError):
    """An answer that is not on the paper."""

    code = "unknown_answer"
    status = 422
    message = _("This answer is not on your paper. Reload the page; what was saved is kept.")
