"""Refusals about how long records are kept."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotYourTerms(NotAllowed):
    """Somebody other than an administrator changes a term."""

    code = "terms_not_yours"
    message = _("How long records are kept is decided by administrators. Nothing was changed.")


class NoSuchKind(DomainError):
    """No kind of record is called that."""

    code = "unknown_kind_of_record"
    status = 404
    message = _("There is no such kind of record. Choose one from the list.")


class KeptForEver(DomainError):
    """The kind is kept without expiry."""

    code = "kept_for_ever"
    message = _("%(kind)s are evidence and kept without expiry. No term can be set for them.")


class TermWaits(DomainError):
    """A term of the kind has been proposed and not decided."""

    code = "term_waits"
    message = _("A term for %(kind)s waits for its decision already. Decide that one first.")


class SameTerm(DomainError):
    """The term is the one that counts."""

    code = "same_term"
    message = _("%(kind)s are kept exactly as long as that already. Nothing was proposed.")


class OwnTerm(DomainError):
    """Nobody approves their own proposal."""

    code = "own_term"
    message = _("You proposed this term yourself; another administrator must approve it.")


class TermDecided(DomainError):
    """It was decided before."""

    code = "term_decided"
    message = _("This term was decided already; nothing was changed by you.")


class TooShort(DomainError):
    """The records are needed for longer."""

    code = "term_too_short"
    message = _("%(kind)s keep letters from going out twice and must be kept for at least %(days)s days.")
