"""Whether the trainer of a session may teach its modules on its day, as the gate answers."""

from collections.abc import Sequence

from django.utils import timezone

from courses.models import Session, TrainingModule
from courses.modules.teaching import may_teach
from portal.models import Person


def trainer_reasons(session: Session, modules: Sequence[TrainingModule], trainer: Person) -> list[str]:
    """Return why the trainer may not teach ``modules`` on the first day of the session, in words; each once.

    Of a session of several meetings the last day is asked about as well: what expires on the way is told.
    """
    if not modules:
        return []
    days = {timezone.localdate(session.starts_at)}
    if session.has_several_meetings:
        days.add(timezone.localdate(session.ends_at))
    answers = [answer for day in sorted(days) for answer in may_teach(modules, [trainer], day)]
    return list(dict.fromkeys(reason.message for answer in answers for reason in answer.reasons))
