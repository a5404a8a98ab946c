"""The states of an answer in words, for tables."""

from django.utils.translation import gettext as _


def state_words(state: str) -> str:
    """Write a state of ``DutyAnswer``."""
    return {
        "allowed": _("Allowed"),
        "under": _("Only under guidance"),
        "override": _("Allowed, overridden"),
        "refused": _("Refused"),
    }[state]
