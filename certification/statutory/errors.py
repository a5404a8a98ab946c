"""Refusals about statutory cards."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class StatutoryTwice(DomainError):
    """The card is already on record."""

    code = "statutory_twice"
    message = _("A certificate of this kind with this number and first day is already on record.")
