"""Refusals about training requests and named people; each says what happened, what was kept and what to do next."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotYourRequest(NotAllowed):
    """The person neither belongs to the customer nor arranges its training."""

    code = "request_not_yours"
    message = _("This is arranged by others. Nothing was changed. Ask the trainer or the manager of the branch.")


class RequestMoved(DomainError):
    """The request is no longer in a state from which this can be done."""

    code = "request_moved"
    message = _("%(number)s is “%(state)s” by now, so nothing was changed. Reload the page to see how it stands.")


class NothingAskedFor(DomainError):
    """No module was chosen."""

    code = "request_without_modules"
    status = 422
    message = _("Choose at least one module. Nothing was sent.")


class NamingClosed(DomainError):
    """The day until which names could be changed is over, or the link was taken back."""

    code = "naming_closed"
    status = 410
    message = _(
        "Names could be changed until %(day)s. The list is as it was; what you typed was not saved. "
        "Call %(trainer)s to add somebody."
    )


class NamedMeanwhile(DomainError):
    """Somebody else saved the list after it was opened here."""

    code = "named_meanwhile"
    message = _(
        "The list was changed in another window since you opened it. Nothing of yours is saved yet: compare, then save."
    )


class TooManyNames(DomainError):
    """More people than places."""

    code = "too_many_names"
    status = 422
    message = _("There are %(seats)s places and you named %(named)s people. Nothing was saved.")


class NamedTwice(DomainError):
    """The same person stands in two rows."""

    code = "named_twice"
    status = 422
    message = _("Row %(row)s: %(name)s stands in row %(first)s already. Add a mobile number if they are two people.")


class DayOver(DomainError):
    """The last day for names lies in the past."""

    code = "name_by_over"
    status = 422
    message = _("That day is over. Choose today or a later one.")


class HasTimes(DomainError):
    """Somebody whose times are on record is taken off the list."""

    code = "nominee_has_times"
    message = _("%(name)s was there: the times are on record, so the name stays on the list. Nothing was saved.")


class NotOfThisCustomer(DomainError):
    """The session is held for somebody else."""

    code = "session_of_another_customer"
    status = 422
    message = _("That session is not held for %(organisation)s, or has a list of its own. Nothing was changed.")


class MatchedAlready(DomainError):
    """A named person is matched a second time, or two named people of one session to one person."""

    code = "nominee_matched"
    message = _("%(name)s is matched already. What was recorded stays; nothing was changed.")


class NotOfTheSession(DomainError):
    """Times are entered for somebody who is not on the list of the session."""

    code = "nominee_of_another_session"
    status = 422
    message = _("One of the people is no longer on the list. Nothing was recorded. Reload the page.")


class ReasonForCorrection(DomainError):
    """Other times are on record and no reason was given."""

    code = "nominee_times_on_record"
    message = _("%(name)s: other times are on record (%(times)s). Give a reason to replace them; nothing was recorded.")
