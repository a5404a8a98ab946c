"""Queue letters about field cases after the transaction commits."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kb.cases.permissions import WORK_ROLES
from kb.cases.tasks import send_case_letter
from kb.enums import CaseAct, CaseKind
from kb.models import FieldCase
from portal.models import Organisation, Person
from portal.people.queries import has_gone

#: Acts the reporter hears of, those the people whose turn it is hear of; of the rest nobody is written to.
TO_REPORTER = frozenset(
    {CaseAct.TAKEN, CaseAct.ASKED, CaseAct.ANSWERED, CaseAct.CLOSED, CaseAct.MERGED, CaseAct.PUBLISHED}
)
TO_HOLDER = frozenset({CaseAct.REPORTED, CaseAct.PASSED_UP, CaseAct.REPLIED, CaseAct.REOPENED})


def tell(case: FieldCase, act: CaseAct) -> None:
    """Write to whom an act concerns, once the transaction is committed."""
    people = {person.pk for person in _concerned(case, act)}
    for pk in sorted(people):
        letter = uuid.uuid4().hex
        transaction.on_commit(lambda pk=pk, letter=letter: send_case_letter.enqueue(case.pk, pk, str(act), letter))


def _concerned(case: FieldCase, act: CaseAct) -> Iterable[Person]:
    if act in TO_REPORTER:
        # Whose case was merged into this one waits for the same answer.
        merged = [other.reporter for other in case.merged.select_related("reporter")]
        return [case.reporter, *(merged if act in (CaseAct.ANSWERED, CaseAct.PUBLISHED) else [])]
    if act in TO_HOLDER and case.kind == CaseKind.ACCIDENT:
        return [row.person for row in case.readers.filter(removed_at=None).select_related("person")]
    if act in TO_HOLDER:
        in_hands = case.assignee is not None and not has_gone(case.assignee)
        return [case.assignee] if in_hands else working_at(case.held_by)
    return []


def working_at(place: Organisation) -> list[Person]:
    """Return who works on the cases of a place: those with a role for it, or everybody there where nobody has one."""
    here = Person.objects.belonging_to(Organisation.objects.filter(pk=place.pk), timezone.localdate())
    people = here.filter(is_active=True)
    return list(people.filter(Q(groups__name__in=WORK_ROLES)).distinct()) or list(people)
