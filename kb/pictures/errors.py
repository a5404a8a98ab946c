"""Refusals about pictures and videos."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class WatchedInPlace(DomainError):
    """A restricted video was to be opened or saved by itself."""

    code = "video_watched_in_place"
    status = 403
    message = _("A restricted video is watched on its own page, where it carries your name. Go back and play it there.")
