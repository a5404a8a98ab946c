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


class UnknownAnswer(DomainError):
    """An answer that is not on the paper."""

    code = "unknown_answer"
    status = 422
    message = _("This answer is not on your paper. Reload the page; what was saved is kept.")
