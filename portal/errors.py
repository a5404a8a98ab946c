"""Base classes of domain errors: a stable code for programs, a translated sentence for people.

Every domain verb refuses by raising a subclass; views and API turn it into the same message (see
``portal.web.middleware.Refusals`` and ``portal.web.api.on_domain_error``).
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refused act.

    Args:
        message: translated sentence saying what happened, what was kept and what to do next.
        params: facts for the sentence, kept as data for the API.
    """

    code: str = "refused"
    status: int = 409
    message: "str | Promise" = _("This cannot be done now.")

    def __init__(self, message: "str | Promise | None" = None, **params: Any) -> None:
        self.params = params
        if message is not None:
            self.message = message
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text


class NotAllowed(DomainError):
    """The person may not do this."""

    code = "not_allowed"
    status = 403
    message = _("You are not allowed to do this. Ask your administrator if you should be.")


class UnknownPerson(DomainError):
    """No person has this staff number (or the asker may not see them: the answer is the same)."""

    code = "unknown_person"
    status = 404
    message = _("No person with staff number “%(person)s” was found. Check the number on the work card.")


class UnknownEquipment(DomainError):
    """No equipment model has this code or alias."""

    code = "unknown_equipment"
    status = 404
    message = _("No equipment called “%(equipment)s” was found. Use the model code or its name, for example 冷库.")


class AmbiguousEquipment(DomainError):
    """Several equipment models answer to this alias."""

    code = "ambiguous_equipment"
    status = 422
    message = _("“%(equipment)s” may mean several machines: %(candidates)s. Use the model code.")


class UnknownTask(DomainError):
    """Not one of the tasks done on equipment."""

    code = "unknown_task"
    status = 422
    message = _("“%(task)s” is not a task. Use one of: %(tasks)s.")


class UnknownPosition(DomainError):
    """No post of the asker's network has this title or number."""

    code = "unknown_position"
    status = 404
    message = _("No post called “%(position)s” was found. Use its title, or organisation code/title.")


class AmbiguousPosition(DomainError):
    """Several posts of the network have this title."""

    code = "ambiguous_position"
    status = 422
    message = _("“%(position)s” may mean several posts: %(candidates)s. Write it as one of these.")


class ImpossibleDate(DomainError):
    """A date that no calendar has."""

    code = "impossible_date"
    status = 422
    message = _("“%(date)s” is not a date. Write it as year-month-day, for example 2026-03-18.")


class ImpossibleMoment(DomainError):
    """A moment that cannot be read."""

    code = "impossible_moment"
    status = 422
    message = _(
        "“%(moment)s” is not a moment. Write it as 2026-03-18 08:30, or with its zone as 2026-03-18T08:30:00+08:00."
    )
