"""What the knowledge base refuses."""

from django.utils.translation import gettext_lazy as _

from kb.validators import Shortfall
from portal.errors import DomainError


class NotPublishable(DomainError):
    """An article lacks what it must have before anybody may work from it; ``shortfalls`` says what."""

    code = "not_publishable"
    status = 422
    message = _("“%(title)s” was not published; the draft is kept. %(missing)s")

    def __init__(self, title: str, shortfalls: list[Shortfall]) -> None:
        self.shortfalls = shortfalls
        super().__init__(title=title, missing=" ".join(str(shortfall.message) for shortfall in shortfalls))


class EditionIsPublished(DomainError):
    """A published edition is what people were trained on; it does not change any more."""

    code = "edition_is_published"
    message = _("Edition %(edition)s has been published and cannot be changed. Make a new edition for the correction.")


class EditionNotPublishable(DomainError):
    """A draft edition lacks chapters, or text in one of them."""

    code = "edition_not_publishable"
    status = 422
    message = _("Edition %(edition)s was not published; the draft is kept. %(missing)s")


class EditionExists(DomainError):
    """The manual already has an edition of this name, or a draft that should be finished first."""

    code = "edition_exists"
    message = _("“%(manual)s” already has the edition or draft %(edition)s. Continue there.")
