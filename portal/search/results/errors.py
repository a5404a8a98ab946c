"""Domain errors of malformed searches."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class UnknownKind(DomainError):
    """No source of search has documents of this kind."""

    code = "unknown_kind"
    status = 422
    message = _("“%(kind)s” is not a kind of document. Use one of: %(kinds)s.")


class OffsetAndPage(DomainError):
    """Both ways to reach further hits are used at once."""

    code = "offset_and_page"
    status = 422
    message = _("Name either offset= or page=.")
