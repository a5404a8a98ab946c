"""Whether the trainer of a session may teach its modules on its day, as the gate answers."""

from collections.abc import Sequence

from django.utils import timezone

from courses.models import Session, TrainingModule
from courses.modules.teaching import may_teach
from portal.models import Person


def trainer_reasons(session: Session, modules: Sequence[TrainingModule], trainer: Person) -> list[str]:
    """Return why the trainer may not teach ``modules`` on the first day of the session, in words; each once."""
    if not modules:
        return []
    answers = may_teach(modules, [trainer], timezone.localdate(session.starts_at))
    return list(dict.fromkeys(reason.message for answer in answers for reason in answer.reasons))
