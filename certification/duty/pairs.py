"""Work for two: both people asked about at once, and who of them is missing for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.duty.errors import TwoAreOne
from certification.enums import ReasonCode
from portal.registry.duty import DutyAnswer


@dataclass(frozen=True)
class Pair:
    """What the gate says of two people for the same work.

    Each must be allowed alone: who may only under somebody is no second qualified person.
    """

    first: DutyAnswer
    second: DutyAnswer

    @property
    def missing(self) -> list[DutyAnswer]:
        """The answers of those who do not make it two."""
        return [answer for answer in (self.first, self.second) if not answer.allowed or answer.only_under]

    @property
    def allowed(self) -> bool:
        """Whether the two may do it together."""
        return not self.missing

    @property
    def needed(self) -> bool:
        """Whether the work takes two."""
        return needs_two(self.first) or needs_two(self.second)

    @property
    def words(self) -> str:
        """The answer as a sentence."""
        facts = {"first": self.first.person.name, "second": self.second.person.name}
        if self.allowed:
            return _("Allowed together: %(first)s and %(second)s") % facts
        names = _(", ").join(answer.person.name for answer in self.missing)
        return _("Not together: %(names)s may not do this work that day") % {"names": names}


def needs_two(answer: DutyAnswer) -> bool:
    """Whether an answer says that the work takes two."""
    return any(reason.code == ReasonCode.TWO_PERSONS for reason in answer.reasons)


def pair_of(answers: Sequence[DutyAnswer]) -> Pair:
    """Return the answers of two people as one.

    Raises:
        TwoAreOne: the same person was named twice.
    """
    first, second = answers
    if first.person.pk == second.person.pk:
        raise TwoAreOne(name=first.person.name)
    return Pair(first, second)
