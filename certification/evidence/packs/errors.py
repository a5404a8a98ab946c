"""Refusals about samples of evidence."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NobodyToDraw(DomainError):
    """Nobody in sight had a qualification for it on record at the moment."""

    code = "nobody_to_draw"
    message = _("Nobody in your sight had a qualification for this work on record at that moment.")
