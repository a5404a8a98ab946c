"""Domain errors of the knowledge base."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kb.validators import Shortfall
from portal.errors import DomainError


class NotPublishable(DomainError):
    """An article lacks required content and cannot be published; ``shortfalls`` lists it."""

    code = "not_publishable"
    status = 422
    message = _("“%(title)s” was not published; the draft is kept. %(missing)s")

    def __init__(self, title: str, shortfalls: list[Shortfall]) -> None:
        self.shortfalls = shortfalls
        super().__init__(title=title, missing=" ".join(str(shortfall.message) for shortfall in shortfalls))


class ReviewMissing(DomainError):
    """Dangerous content that nobody but its authors has approved."""

    code = "review_missing"
    status = 409
    message = _("“%(title)s” is about danger and is not published by one person alone. Submit it for review.")


class EditionIsPublished(DomainError):
    """A published edition is what people were trained on; it does not change any more."""

    code = "edition_is_published"
    message = _("Edition %(edition)s has been published and cannot be changed. Make a new edition for the correction.")


class VerdictWithoutDay(DomainError):
    """A verdict that asks for something names a day from today on; an editorial one names none."""

    code = "verdict_without_day"
    status = 422
    message = _("Say until which day it must be done, today or later; an editorial change has no such day.")


class VerdictNeeded(DomainError):
    """An edition replaces another, and nobody said what that asks of people."""

    code = "verdict_needed"
    status = 422
    message = _("This edition replaces another. Say what people who work by the manual must do about it.")


class VerdictRefused(DomainError):
    """A verdict that cannot be carried out; an app above says why."""

    code = "verdict_refused"
    status = 422


class EditionNotPublishable(DomainError):
    """A draft edition lacks chapters, or text in one of them."""

    code = "edition_not_publishable"
    status = 422
    message = _("Edition %(edition)s was not published; the draft is kept. %(missing)s")


class ChapterCannotMove(DomainError):
    """A chapter was to move where no place is: above the first, below the last, deeper than sections."""

    code = "chapter_cannot_move"
    message = _("“%(chapter)s” stays where it is: “%(move)s” has no place to go to.")


class ImportNotAcceptable(DomainError):
    """An import that was not read, or could not be, has nothing to accept."""

    code = "import_not_acceptable"
    message = _("“%(file)s” cannot be accepted: %(state)s. Nothing was changed.")


class EditionExists(DomainError):
    """The manual already has an edition of this name, or a draft that should be finished first."""

    code = "edition_exists"
    message = _("“%(manual)s” already has the edition or draft %(edition)s. Continue there.")


class CitationsChanged(DomainError):
    """What cites the earlier edition is not what was decided on; ``undecided`` and ``gone`` name the records."""

    code = "citations_changed"
    message = _(
        "Nothing was changed: what cites the earlier edition is different from when the page was opened. "
        "Look again at: %(records)s"
    )
    SHOWN = 10

    def __init__(self, undecided: Sequence[str] = (), gone: Sequence[str] = ()) -> None:
        self.undecided, self.gone = list(undecided), list(gone)
        named = [*self.undecided, *self.gone]
        more = " …" if len(named) > self.SHOWN else ""
        super().__init__(records="、".join(named[: self.SHOWN]) + more)


class NotAChapterToFollow(DomainError):
    """A citation was to follow to a chapter that the edition does not have."""

    code = "not_a_chapter_to_follow"
    status = 422
    message = _("Nothing was changed: a citation can only follow to a chapter of edition %(edition)s. Choose one.")


class EditionNotPublished(DomainError):
    """Citations cannot move to a draft: nobody could open what they name."""

    code = "edition_not_published"
    message = _("Edition %(edition)s is still a draft. Publish it first; citations are decided on there.")


class ArticleNotForReaders(DomainError):
    """A chapter would show an article to readers who may not open it, or one that is not published."""

    code = "article_not_for_readers"
    status = 422
    message = _("Not everybody who reads this manual may read: %(articles)s. Nothing was changed.")
