"""Refusals of bulletins."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NotAsked(DomainError):
    """Somebody confirms what they were not asked to read."""

    code = "bulletin_not_asked"
    status = 403
    message = _("You are not among those who confirm this bulletin; you may read it all the same.")


class EditionReplaced(DomainError):
    """A newer edition was issued meanwhile."""

    code = "bulletin_replaced"
    status = 409
    message = _("Edition %(edition)s was issued meanwhile. Read that one and confirm it.")
