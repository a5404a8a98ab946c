"""Errors of readings after a revision."""

from django.utils.translation import gettext_lazy as _

from kb.errors import VerdictRefused
from portal.errors import DomainError


class NothingToRead(DomainError):
    """Nobody asked this person to read the edition."""

    code = "nothing_to_read"
    status = 404
    message = _("This edition is not among those you were asked to read.")


class TooFewToAsk(VerdictRefused):
    """A short quiz draws from at least twice as many questions as it shows."""

    code = "too_few_to_ask"
    message = _(
        "A short quiz of %(asked)s questions needs %(needed)s that cite what changed, and there are %(available)s. "
        "Ask fewer, write questions that cite these chapters first, or choose another verdict. Nothing was published."
    )


class NobodyAnswers(VerdictRefused):
    """Somebody answers for a quiz."""

    code = "nobody_answers"
    message = _("A short quiz needs somebody who answers for it; say who publishes.")
