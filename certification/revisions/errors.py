"""Errors of readings after a revision."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NothingToRead(DomainError):
    """Nobody asked this person to read the edition."""

    code = "nothing_to_read"
    status = 404
    message = _("This edition is not among those you were asked to read.")
