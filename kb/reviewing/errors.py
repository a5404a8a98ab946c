"""Refusals of the review pages."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NothingToReview(DomainError):
    """The draft was published, withdrawn or sent back meanwhile."""

    code = "nothing_to_review"
    status = 409
    message = _("This draft does not wait for a review any more. What waits for you stands under Drafts to review.")
