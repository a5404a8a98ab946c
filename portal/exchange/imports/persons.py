"""The person a cell of an import means; several of one name are asked about, never guessed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.access.lookup import find_people
from portal.errors import Ambiguous, DomainError
from portal.models import Person
from portal.registry.imports import Problem, Question, TableRow, Verdict

#: The answer that leaves a row out.
LEAVE = "leave"


def person_in(
    row: TableRow,
    key: str,
    found: Mapping[str, Person | DomainError],
    verdict: Verdict,
    *,
    by: Any,
    within: QuerySet[Person],
    answer: str,
) -> Person | None:
    """Return the person a cell means, or note a problem or a question.

    Args:
        found: who was found for the texts of the column, see ``find_people``.
        within: whom ``by`` may name.
        answer: what the operator answered to the question.
    """
    person = found.get(row[key])
    if isinstance(person, Ambiguous):
        chosen = find_people(by, [answer], within)[answer] if answer else None
        if isinstance(chosen, Person) and answer in {candidate.value for candidate in person.candidates}:
            return chosen
        if answer != LEAVE:
            choices = [(candidate.value, candidate.label) for candidate in person.candidates]
            verdict.question = Question(str(person), [*choices, (LEAVE, _("Leave this row out"))])
        return None
    if not isinstance(person, Person):
        verdict.problems.append(Problem(key, str(person) if person else _("This is needed.")))
        return None
    return person
