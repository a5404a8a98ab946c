"""Domain errors of malformed duty questions."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NotOneSubject(DomainError):
    """The question names neither a machine nor a post, or both."""

    code = "not_one_subject"
    status = 422
    message = _("Name either equipment= or position=: a machine with a task, or a post.")


class TooManyQuestions(DomainError):
    """More questions than one request may hold."""

    code = "too_many_questions"
    status = 422
    message = _("%(count)s questions are too many for one request; send at most %(limit)s.")


class NoPeopleNamed(DomainError):
    """A list names nobody or no machine."""

    code = "nothing_listed"
    status = 422
    message = _("Name at least one person and one machine; a table needs a column “Person”.")


class TooManyDays(DomainError):
    """A span of days is too long, or ends before it begins."""

    code = "too_many_days"
    status = 422
    message = _("From the first to the last day there are at most %(limit)s days, the last one not before the first.")


class TwoAreOne(DomainError):
    """Work for two takes two people."""

    code = "two_are_one"
    status = 422
    message = _("%(name)s is named twice. Name the second person who will be there.")
