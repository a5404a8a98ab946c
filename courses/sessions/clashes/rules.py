"""What becomes of a clash: the one place that reads the organisation's policy, for forms, moves and generated plans."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from courses.enums import ClashKind, EnrolmentState, Policy, stricter
from courses.models import ClashPolicy, Meeting, Session, TrainingModule
from courses.sessions.clashes.domain import Clash, clashes_of_session, clashes_of_trainee
from courses.sessions.clashes.qualified import trainer_reasons
from courses.sessions.errors.scheduling import (
    ClashesToConfirm,
    MachineTaken,
    OnPublicHoliday,
    PlaceTaken,
    PlaceTooSmall,
    SeveralClashes,
    TraineesBusy,
    TrainerBusy,
    TrainerNotAllowedThatDay,
)
from courses.sessions.errors.seats import LearnerBusy
from portal.models import Person

REFUSALS = {
    ClashKind.PLACE: PlaceTaken,
    ClashKind.EQUIPMENT: MachineTaken,
    ClashKind.TRAINEE: TraineesBusy,
    ClashKind.SEATS: PlaceTooSmall,
    ClashKind.HOLIDAY: OnPublicHoliday,
}
# Which kinds a change of a field can bring about; what stays as it was is not judged again.
OF_A_CHANGE = {
    "time": frozenset(ClashKind) - {ClashKind.SEATS},
    "trainer": frozenset({ClashKind.TRAINER, ClashKind.UNQUALIFIED}),
    "place": frozenset({ClashKind.PLACE, ClashKind.SEATS, ClashKind.UNQUALIFIED}),
    "capacity": frozenset({ClashKind.SEATS}),
    "machines": frozenset({ClashKind.EQUIPMENT}),
}


def clashes_to_look_for(changed: Collection[str]) -> frozenset[ClashKind]:
    """Return the kinds of clash that changing these fields of a session can bring about."""
    return frozenset().union(*(OF_A_CHANGE.get(name, frozenset()) for name in changed))


def judged(
    session: Session,
    modules: Sequence[TrainingModule],
    *,
    meetings: Sequence[Meeting] | None = None,
    machines: Collection[int] | None = None,
    kinds: Collection[ClashKind] = frozenset(ClashKind),
) -> list[Clash]:
    """Return what speaks against a session and is not ignored, each with what becomes of it, refusals first."""
    policy = ClashPolicy.load()
    asked = [kind for kind in kinds if policy.of(kind) != Policy.IGNORE]
    found = [
        replace(clash, policy=policy.of(clash.kind))
        for clash in clashes_of_session(session, meetings=meetings, machines=machines, kinds=asked)
    ]
    if ClashKind.UNQUALIFIED in kinds:
        found += _unqualified(session, modules, policy)
    return sorted(found, key=lambda clash: clash.policy != Policy.BLOCK)


def clashes_of_learner(session: Session, person: Person) -> list[Clash]:
    """Return the person's other bookings at the time of ``session`` that are not ignored, with what becomes of them."""
    policy = ClashPolicy.load().of(ClashKind.TRAINEE)
    if policy == Policy.IGNORE:
        return []
    return [replace(clash, policy=policy) for clash in clashes_of_trainee(person, session)]


def check_learner(session: Session, person: Person, *, by: Person) -> None:
    """See that ``person`` has no other booking at the time of ``session``, where the organisation refuses that.

    Raises:
        LearnerBusy: they have one.
    """
    if ClashPolicy.load().of(ClashKind.TRAINEE) != Policy.BLOCK:
        return
    # Held, so that two bookings at one moment cannot both find the time free.
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    for clash in clashes_of_trainee(person, session):
        raise LearnerBusy(clash=replace(clash, said="" if by.pk == person.pk else person.name).message)


def learners_to_hold(session: Session, kinds: Collection[ClashKind]) -> list[int]:
    """Return the keys of the people whose other bookings decide whether ``session`` may be changed like that.

    They are held with the trainer, so that none of them books another session meanwhile (see :func:`check_learner`).
    """
    if ClashKind.TRAINEE not in kinds or ClashPolicy.load().of(ClashKind.TRAINEE) != Policy.BLOCK:
        return []
    return list(session.enrolments.exclude(state=EnrolmentState.CANCELLED).values_list("person", flat=True))


def _unqualified(session: Session, modules: Sequence[TrainingModule], rules: ClashPolicy) -> list[Clash]:
    """Ask the gate about the trainer, once a policy: a module may be stricter than the organisation."""
    found = []
    for policy in (Policy.BLOCK, Policy.WARN):
        asked = [each for each in modules if each.task and stricter(each.trainer_policy, rules.unqualified) == policy]
        if reasons := trainer_reasons(session, asked, session.trainer):
            found.append(Clash(ClashKind.UNQUALIFIED, session, said=" ".join(reasons), policy=policy))
    return found


def check_clashes(
    session: Session,
    modules: Sequence[TrainingModule],
    *,
    meetings: Sequence[Meeting] | None = None,
    machines: Collection[int] | None = None,
    kinds: Collection[ClashKind] = frozenset(ClashKind),
    confirmed: Collection[str] | None = None,
) -> None:
    """Refuse what the organisation refuses, and ask about what it warns of.

    Args:
        meetings, machines: those it is to have; those on record when left out.
        confirmed: keys of the clashes somebody was shown and wants all the same; None where nobody can be asked.

    Raises:
        TrainerBusy, TrainerNotAllowedThatDay, PlaceTaken, MachineTaken, TraineesBusy, PlaceTooSmall, OnPublicHoliday:
            by the policy of their kind.
        SeveralClashes: by more than one of these.
        ClashesToConfirm: there are warnings that are not among those confirmed.
    """
    found = judged(session, modules, meetings=meetings, machines=machines, kinds=kinds)
    refused = [clash for clash in found if clash.policy == Policy.BLOCK]
    if refused:
        # Two that refuse are both said: who mends one is not sent back for the other.
        raise _refusal(refused[0]) if len(refused) == 1 else SeveralClashes(refused)
    if confirmed is not None and any(clash.key not in confirmed for clash in found):
        raise ClashesToConfirm(found)


def _refusal(clash: Clash) -> Exception:
    if clash.kind == ClashKind.TRAINER:
        return TrainerBusy(trainer=clash.session.trainer.name, session=clash.session.title)
    if clash.kind == ClashKind.UNQUALIFIED:
        return TrainerNotAllowedThatDay(reasons=clash.said)
    return REFUSALS[clash.kind](clash=clash.message)
