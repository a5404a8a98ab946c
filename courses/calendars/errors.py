"""Refusals about calendar feeds."""

from django.utils.translation import gettext_lazy as _

from portal.errors import NotAllowed


class NotYourFeed(NotAllowed):
    """Somebody asks for a calendar they may not see."""

    code = "not_your_feed"
    message = _("You may not subscribe to this calendar. No link was made.")
