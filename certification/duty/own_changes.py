"""Nobody moves the bar for oneself: who changed what the gate demands is judged by what it demanded before, too.

See ``portal.bar`` and decision 0030. Nothing is asked of the database for this unless somebody asked about has a change
that waits.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.requirements.hints import ways_out
from certification.schemes.queries import SchemesInForce
from portal.bar.earlier import HELD, MODEL, POST, Earlier, Ground, Unsettled, unsettled_since
from portal.models import EquipmentModel
from portal.registry.duty import DutyAnswer, DutyQuestion, Reason

# How much an answer allows.
_RANKS = {"refused": 0, "under": 1, "override": 1, "allowed": 2}


@dataclass(frozen=True)
class OwnChanges:
    """The changes that wait, or waited at a moment asked about, with what those asked about are judged against."""

    changes: tuple[Unsettled, ...] = ()
    ground: Ground = field(default_factory=Ground)
    _known: dict[tuple[int, dt.datetime], Earlier | None] = field(default_factory=dict)

    @property
    def concern_machines(self) -> bool:
        """Whether the machines asked about may have stood elsewhere, where other schemes bear on them."""
        return bool(self.ground.categories)

    def before(self, person: int, known_at: dt.datetime) -> Earlier | None:
        """Return how everything stood before the person's changes, by what was on record; None without any."""
        key = (person, known_at)
        if key not in self._known:
            own = self.of(person, known_at)
            self._known[key] = Earlier(own, self.ground) if own else None
        return self._known[key]

    def of(self, person: int, known_at: dt.datetime) -> list[Unsettled]:
        """Return the person's changes that waited at the moment, the first one first."""
        return [change for change in self.changes if change.author == person and change.waits_at(known_at)]

    def may_bear_on(self, person: int, equipment: EquipmentModel, known_at: dt.datetime) -> bool:
        """Whether a change of the person may bear on the machine: never no where one does."""
        return any(
            change.record == equipment.pk if change.label == MODEL else change.label != POST
            for change in self.of(person, known_at)
        )


def own_changes(questions: Sequence[DutyQuestion], schemes: SchemesInForce, *, of_earlier: bool) -> OwnChanges:
    """Return the changes that bear on who is asked about; no query where none waits and nothing earlier is asked.

    Args:
        schemes: what was read in force, with the changes that wait now.
        of_earlier: whether a question is asked as known earlier, when changes waited that are settled now.
    """
    if of_earlier:
        changes = unsettled_since(min(question.known_at for question in questions))
    elif not schemes.schemes and any(question.position is not None for question in questions):
        # Without a scheme nothing was read with them, and a post that requires none may be open.
        changes = unsettled_since(timezone.now())
    else:
        changes = schemes.unsettled
    people = {question.person.pk for question in questions}
    own = [change for change in changes if change.author in people]
    machines = any(question.equipment is not None for question in questions)
    return OwnChanges(changes, Ground.read(own) if own and machines else Ground())


@dataclass(frozen=True)
class Stood:
    """A question as it is asked of what stood before the person's own changes.

    Args:
        facts: the same facts, with the cards and the evidence of then.
    """

    question: DutyQuestion
    facts: Any
    changes: Sequence[Unsettled]


def stricter(answer: DutyAnswer, before: DutyAnswer, changes: Sequence[Unsettled]) -> DutyAnswer:
    """Return the stricter of two answers to one question, and why where that is not what stands now."""
    if _RANKS[before.state] < _RANKS[answer.state]:
        reason = unconfirmed(answer, changes)
        first = before.reasons if before.allowed else ()
        reasons = (*first, reason, *(() if before.allowed else before.reasons))
        return replace(before, question=answer.question, reasons=reasons, way_out=tuple(ways_out(reasons)))
    if not answer.allowed:
        return answer
    # Work for two stays work for two.
    said = {reason.code for reason in answer.reasons}
    besides = [each for each in before.reasons if each.code == ReasonCode.TWO_PERSONS and each.code not in said]
    return replace(answer, reasons=(*answer.reasons, *besides)) if besides else answer


def held_back(answer: DutyAnswer, changes: Sequence[Unsettled]) -> DutyAnswer:
    """Return a refusal for want of a grant with why it was not granted: it would rest on the person's own change."""
    if all(reason.code != ReasonCode.NOT_GRANTED for reason in answer.reasons):
        return answer
    reasons = (unconfirmed(answer, changes), *answer.reasons)
    return replace(answer, reasons=reasons, way_out=tuple(ways_out(reasons)))


def unconfirmed(answer: DutyAnswer, changes: Iterable[Unsettled]) -> Reason:
    """Return that the person's own changes are not confirmed."""
    listed = list(changes)
    what = "、".join(dict.fromkeys(change.words for change in listed))
    message = _("%(name)s changed this and no second person has confirmed it: %(what)s") % {
        "name": answer.person.name,
        "what": what,
    }
    params = {"changes": [change.key for change in listed], "url": reverse("bar_changes")}
    return Reason(ReasonCode.BAR_UNCONFIRMED.value, message, params=params)


def moved_by(changes: Collection[Unsettled]) -> tuple[frozenset[int], bool]:
    """Return the machines that waiting changes name singly, and whether some name categories.

    Who made such a change may be judged otherwise on these machines than on others that are alike now.
    """
    machines: set[int] = set()
    for change in changes:
        if change.label == MODEL:
            machines.add(change.record)
        said = [value for value in (change.before, change.after) if isinstance(value, dict)]
        machines |= {value["model"]["id"] for value in said if value.get("model")}
    return frozenset(machines), any(change.label not in (MODEL, POST, HELD) for change in changes)
