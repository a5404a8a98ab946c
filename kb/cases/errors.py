"""Refusals of field cases."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class CaseMoved(DomainError):
    """The case is in a state in which this cannot be done: somebody else acted meanwhile."""

    code = "case_moved"
    message = _(
        "%(number)s is “%(state)s” now, so this was not done. Your words are kept in the form; look again first."
    )


class NotYourCase(DomainError):
    """Only who works on the case, or who reported it, may do this."""

    code = "not_your_case"
    status = 403
    message = _("This is for who works on the case. Take it over first, or ask those it is with.")


class NothingAbove(DomainError):
    """The case is with headquarters already."""

    code = "nothing_above"
    message = _("The case is with %(place)s already; there is nobody above to pass it to.")


class WordsMissing(DomainError):
    """An answer, a question or a reason without words."""

    code = "words_missing"
    status = 422
    message = _("Write a sentence first: whoever reads it later has only that.")


class NotMergeable(DomainError):
    """The case to merge into is not there, is this one, or is merged itself."""

    code = "not_mergeable"
    status = 422
    message = _("Cannot be merged into “%(number)s”. Write the number of another case that is not merged itself.")


class ComplainsAboutOthers(DomainError):
    """One of the two cases complains about somebody the other does not."""

    code = "complains_about_others"
    status = 422
    message = _(
        "%(number)s and this case do not complain about the same people: merged, whoever is complained about could "
        "read or close it. Answer each on its own."
    )


class NoPlace(DomainError):
    """The reporter belongs to no organisation, so nobody would get the case."""

    code = "no_place"
    message = _("You belong to no outlet, so nobody would get your report. Ask your administrator to enter your post.")


class UnusablePhoto(DomainError):
    """Not a picture, damaged, too large, or too many."""

    code = "unusable_photo"
    status = 422
    message = _("“%(name)s” was not kept: %(count)s photos at most, JPEG, PNG or WebP, %(limit)s MB each.")


class AlreadyDrafted(DomainError):
    """There is an article of this case."""

    code = "already_drafted"
    message = _("The article %(number)s was made of this case already.")


class NotAKeeper(DomainError):
    """Only readers who work on an accident in a role for it decide who else reads it."""

    code = "not_a_keeper"
    status = 403
    message = _("Who reads this file is decided by those who work on it and may; ask one of them.")


class ReasonMissing(DomainError):
    """A reader comes or goes without a reason."""

    code = "reason_missing"
    status = 422
    message = _("Say in a sentence why; it stays on record beside the name.")


class IsAboutThem(DomainError):
    """The accident is about the person who is to read it."""

    code = "accident_is_about_them"
    status = 422
    message = _("The accident is about this person, who therefore never reads its file.")


class NotAReaderYet(DomainError):
    """Somebody outside the service network, or who has left it."""

    code = "not_of_the_network"
    status = 422
    message = _("Only people of the service network with an active account read such a file.")


class ReadsAlready(DomainError):
    """The list says already what was asked for."""

    code = "reads_already"
    message = _("This person is a reader of the file already; nothing was changed.")


class LastKeeper(DomainError):
    """Nobody would be left to decide who reads the file."""

    code = "last_keeper"
    message = _("Nobody would be left who decides on the readers. Add somebody who works on it first.")


class AccidentStaysClosed(DomainError):
    """The words of an accident would become those of an article that other people read."""

    code = "accident_stays_closed"
    message = _("The file of an accident is not made into an article. Write its lessons as an article of their own.")
