"""Refusals about when, where and by whom a session is held, and what speaks against it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError

if TYPE_CHECKING:
    from courses.sessions.clashes.domain import Clash


class EndsBeforeStart(DomainError):
    """The times of a session are the wrong way round."""

    code = "session_ends_before_start"
    status = 422
    message = _("The session must end after it begins. Nothing was saved.")


class StartsInThePast(DomainError):
    """A session is planned for a time that has gone."""

    code = "session_in_the_past"
    status = 422
    message = _(
        "The start lies in the past. Nothing was saved. Tick “already held” to record training that took place."
    )


class NothingTaught(DomainError):
    """A session without a module."""

    code = "session_without_module"
    status = 422
    message = _("Choose at least one module. Nothing was saved.")


class TooLittleTime(DomainError):
    """More is to be taught than the session lasts."""

    code = "session_too_short"
    status = 422
    message = _(
        "The modules need %(needed)s minutes, the session has %(planned)s without breaks. Nothing was saved. "
        "Extend the session or teach part of a module."
    )


class TrainerNotQualified(DomainError):
    """The trainer is not on the list of a module."""

    code = "trainer_not_qualified"
    status = 422
    message = _(
        "%(trainer)s is not a qualified trainer of %(modules)s. Nothing was saved. "
        "Choose another trainer, or have the module's list of trainers extended."
    )


class TrainerNotAllowedThatDay(DomainError):
    """A module wants trainers who are allowed its task on the day, and this one is not."""

    code = "trainer_not_allowed_that_day"
    status = 422
    message = _("The session was not arranged. %(reasons)s Choose another trainer or another day.")


class TrainerBusy(DomainError):
    """The trainer teaches elsewhere at that time."""

    code = "trainer_busy"
    message = _(
        "%(trainer)s already teaches “%(session)s” at that time. Nothing was saved. Choose another time or trainer."
    )


class SessionTooLong(DomainError):
    """A session lasts longer than any training does."""

    code = "session_too_long"
    status = 422
    message = _(
        "A session lasts %(days)s days at most. Nothing was saved. Check the end, or schedule several sessions."
    )


class PlaceTaken(DomainError):
    """Another session is held there at that time."""

    code = "place_taken"
    message = _("%(clash)s Nothing was saved. Choose another time or place.")


class MachineTaken(DomainError):
    """A machine is used in another session at that time."""

    code = "machine_taken"
    message = _("%(clash)s Nothing was saved. Choose another time or machine.")


class TraineesBusy(DomainError):
    """People of the session are booked into another one at that time."""

    code = "trainees_busy"
    message = _("%(clash)s Nothing was saved. Choose another time for the session.")


class PlaceTooSmall(DomainError):
    """The session has more seats than its place holds people."""

    code = "place_too_small"
    message = _("%(clash)s Nothing was saved. Choose a larger place or fewer seats.")


class OnPublicHoliday(DomainError):
    """The session falls on a day off."""

    code = "on_public_holiday"
    message = _("%(clash)s Nothing was saved. Choose another day for the session.")


class _WithClashes(DomainError):
    """Something speaks against the session.

    Args:
        clashes: as ``courses.sessions.clashes.rules.judged`` returns them.
    """

    def __init__(self, clashes: Sequence["Clash"]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(clashes=" ".join(clash.message for clash in self.clashes))

    def details(self) -> dict[str, Any]:
        """Return the clashes, each with the key that confirms it."""
        return {"clashes": [{"code": each.code, "key": each.key, "message": each.message} for each in self.clashes]}


class ClashesToConfirm(_WithClashes):
    """Something speaks against the session that may be wanted all the same."""

    code = "clashes_to_confirm"
    message = _("%(clashes)s Nothing was saved. Change the session, or confirm that it is wanted all the same.")


class SeveralClashes(_WithClashes):
    """More than one thing speaks against the session, each of which the organisation refuses."""

    code = "several_clashes"
    message = _("%(clashes)s Nothing was saved. Choose another time, place or trainer for the session.")


class MovedMeanwhile(DomainError):
    """A session is moved that stands elsewhere than the mover saw."""

    code = "session_moved_meanwhile"
    message = _(
        "Somebody else has moved this session: it is now %(when)s, %(trainer)s, %(place)s. Nothing was changed. "
        "Look at both and move it again if it should be so."
    )


class TrainerIsBooked(DomainError):
    """Somebody is made the trainer of a session in which they have a place."""

    code = "trainer_is_booked"
    message = _(
        "%(trainer)s is booked into this session and cannot teach it as well. Nothing was saved. "
        "Give the place back first, or choose another trainer."
    )
