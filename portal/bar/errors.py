"""Refusals about changes of the bar."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class OwnBarChange(NotAllowed):
    """Nobody confirms what they changed themselves."""

    code = "own_bar_change"
    message = _(
        "You made this change yourself. Somebody else who may confirm it does so on the page “Changes of the bar”; "
        "until then the duty check does not let you profit from it."
    )


class BarChangeSettled(DomainError):
    """Somebody else confirmed it already, or it was changed back."""

    code = "bar_change_settled"
    message = _(
        "This change does not wait any more: it was confirmed or changed back meanwhile. "
        "The page “Changes of the bar” says by whom; nothing was done."
    )
