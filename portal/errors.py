"""Base classes of domain errors: a stable code for programs, a translated sentence for people.

Every domain verb refuses by raising a subclass; views and API turn it into the same message (see
``portal.web.middleware.Refusals`` and ``portal.web.api.on_domain_error``).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
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

    def details(self) -> dict[str, Any]:
        """Return what a program gets besides the sentence."""
        return {}

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text


@dataclass(frozen=True)
class Candidate:
    """One of several records that a typed text may mean.

    Args:
        value: what names this one alone; typed instead of the text it is accepted.
        label: what people tell it from the others by.
    """

    value: str
    label: str


class Ambiguous(DomainError):
    """A text means several records: the reader chooses one.

    Args:
        candidates: the records the reader may see, as choices; the sentence names the first six.
        params: facts for the sentence.
    """

    code = "ambiguous"
    status = 422
    NAMED = 6

    def __init__(self, candidates: Sequence[Candidate], **params: Any) -> None:
        self.candidates = tuple(candidates)
        named = "、".join(candidate.label for candidate in self.candidates[: self.NAMED])
        super().__init__(candidates=named, **params)

    def details(self) -> dict[str, Any]:
        """Return the candidates, each by what names it alone."""
        return {"candidates": [asdict(candidate) for candidate in self.candidates]}


class NotAllowed(DomainError):
    """The person may not do this."""

    code = "not_allowed"
    status = 403
    message = _("You are not allowed to do this. Ask your administrator if you should be.")


class UnknownPerson(DomainError):
    """Nobody the asker may know of is meant."""

    code = "unknown_person"
    status = 404
    message = _(
        "Nobody called “%(person)s” was found. Type the name, the staff number or the pinyin, or scan the card."
    )


class PersonOutOfScope(DomainError):
    """A colleague of the asker's network whose records the asker may not open."""

    code = "person_out_of_scope"
    status = 403
    message = _("“%(person)s” is not in your scope. Ask whoever is responsible for their branch.")


class AmbiguousPerson(Ambiguous):
    """Several people in sight have this name or pinyin."""

    code = "ambiguous_person"
    message = _("“%(person)s” may mean several people: %(candidates)s. Choose one, or use the staff number.")


class UnknownEquipment(DomainError):
    """No equipment model has this code or alias."""

    code = "unknown_equipment"
    status = 404
    message = _("No equipment called “%(equipment)s” was found. Use the model code or its name as on its label.")


class AmbiguousEquipment(Ambiguous):
    """Several equipment models answer to this alias, or it is a category of several."""

    code = "ambiguous_equipment"
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


class AmbiguousPosition(Ambiguous):
    """Several posts of the network have this title."""

    code = "ambiguous_position"
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
