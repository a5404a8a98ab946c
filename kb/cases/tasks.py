"""Background tasks: letters about field cases."""

import uuid

from django_tasks import task

from kb.cases.letters import send_letter
from kb.models import FieldCase
from portal.models import Person


@task()
def send_case_letter(case_pk: int, person_pk: int, act: str, letter: str = "") -> bool:
    """Write to one person about one act; return whether a letter went out.

    Args:
        act: a value of ``kb.enums.CaseAct``.
        letter: key of the letter (UUID), the same when the task is begun again; empty for one of its own.
    """
    case = FieldCase.objects.select_related("held_by", "reporter").filter(pk=case_pk).first()
    person = Person.objects.filter(pk=person_pk).first()
    key = uuid.UUID(letter) if letter else uuid.uuid4()
    return case is not None and person is not None and send_letter(case, person, act, key)
