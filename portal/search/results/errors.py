"""Domain errors of searches that are malformed, or that no index answers."""

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


class SearchUnavailable(DomainError):
    """The index is missing or damaged: an answer would leave out what there is."""

    code = "search_unavailable"
    status = 503
    message = _(
        "The search index is being repaired, so this search cannot be answered. It does not mean that there is "
        "nothing. Try again in a minute."
    )
