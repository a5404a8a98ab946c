"""Refusals about chat robots."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotARobotAddress(DomainError):
    """An address that is no robot of an allowed service."""

    code = "robot_address_refused"
    status = 422
    message = _("The address must begin with https:// and belong to one of: %(hosts)s. Nothing was saved.")


class NotYourRobots(NotAllowed):
    """Somebody other than an administrator sets robots."""

    code = "robots_not_yours"
    message = _("Chat robots are set by administrators. Nothing was changed.")
