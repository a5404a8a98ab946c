"""Refusals about places of training."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotYourPlace(NotAllowed):
    """Somebody changes a place of another branch."""

    code = "not_your_place"
    message = _(
        "Only a manager of the branch the place belongs to, or an administrator, may do this. Nothing was saved."
    )


class PlaceNameTaken(DomainError):
    """A name is one of another place, however it is spelt."""

    code = "place_name_taken"
    message = _(
        "“%(name)s” is a name of “%(place)s” already. Nothing was saved. "
        "Choose another name, or merge the two places if they are one."
    )


class NoSuchPlace(DomainError):
    """A name no place has."""

    code = "unknown_place"
    status = 422
    message = _("No place is called “%(name)s”. Nothing was changed.")


class SamePlace(DomainError):
    """A place is merged into itself."""

    code = "same_place"
    status = 422
    message = _("This is the same place. Nothing was changed. Name the place that stays.")
