"""Refusals of reviews."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class OwnWork(DomainError):
    """An author reviews what they wrote."""

    code = "review_of_own_work"
    status = 403
    message = _("You wrote on this draft. Somebody else reviews it.")


class NotAReviewer(DomainError):
    """Somebody without the role."""

    code = "not_a_reviewer"
    status = 403
    message = _("Drafts are reviewed by trainers, assessors, managers and administrators.")


class UnqualifiedReviewer(DomainError):
    """The gate does not allow the reviewer to do the work that is described."""

    code = "reviewer_not_qualified"
    status = 403
    message = _("Who reviews it must be allowed to do it: %(task)s on %(equipment)s. %(reasons)s")


class DraftChanged(DomainError):
    """The words are no longer those the reviewer was shown."""

    code = "draft_changed"
    status = 409
    message = _("The draft was changed after you opened this page. Read it again; nothing was recorded.")


class WordsNeeded(DomainError):
    """Changes are asked for without saying which."""

    code = "review_words_missing"
    status = 422
    message = _("Say what is to be changed.")
