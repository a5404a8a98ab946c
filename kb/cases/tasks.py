"""Background tasks: letters about field cases."""

from django_tasks import task

from kb.cases.letters import send_letter
from kb.models import FieldCase
from portal.models import Person


@task()
def send_case_letter(case_pk: int, person_pk: int, act: str) -> bool:
    """Write to one person about one act; return whether a letter went out.

    Args:
        act: a value of ``kb.enums.CaseAct``.
    """
    case = FieldCase.objects.select_related("held_by", "reporter").filter(pk=case_pk).first()
    person = Person.objects.filter(pk=person_pk).first()
    return case is not None and person is not None and send_letter(case, person, act)
