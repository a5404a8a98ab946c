"""Prerequisites of what a session teaches, and which of them somebody has not been credited yet."""

from collections.abc import Iterable

from courses.enums import Policy
from courses.models import Session, TrainingModule
from courses.sessions.attendance.hours import minutes_credited_to
from portal.models import Person


def missing_prerequisites(
    session: Session, people: Iterable[Person], policy: str = Policy.BLOCK
) -> dict[int, list[TrainingModule]]:
    """Return the modules each person lacks, by the person's key; nobody is named who lacks none.

    A prerequisite that the session teaches itself is not asked for, nor one that is not published any more.

    Args:
        policy: of modules with this policy only.
    """
    taught = session.parts.values("module")
    wanted = list(
        TrainingModule.objects.filter(live=True, opens__in=taught, opens__prerequisite_policy=policy)
        .exclude(pk__in=taught)
        .distinct()
        .order_by("code")
    )
    if not wanted:
        return {}
    asked = list(people)
    credited = minutes_credited_to(asked, wanted)
    lacking = {
        person.pk: [module for module in wanted if credited.get((person.pk, module.pk), 0) < module.minutes]
        for person in asked
    }
    return {key: modules for key, modules in lacking.items() if modules}
