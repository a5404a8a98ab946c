"""Refusals of practice."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class PracticeWaits(DomainError):
    """While a paper of the same bank is open, its answers are shown nowhere."""

    code = "practice_waits"
    status = 409
    message = _("You are taking a quiz on these questions. Hand it in first; then you may practise again.")


class NothingToPractise(DomainError):
    """No question is left to practise with."""

    code = "nothing_to_practise"
    status = 409
    message = _("There is nothing to practise here at present.")


class PracticeAnswered(DomainError):
    """The answer to a question in practice is given once."""

    code = "practice_answered"
    status = 409
    message = _("This question was answered already. Go on to the next one.")
