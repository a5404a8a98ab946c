"""Find the candidate an assessor means by what was typed or scanned."""

from certification.permissions import candidates_in_sight
from certification.practicals.errors import OwnAssessment
from portal.access.lookup import find_person
from portal.models import Person


def find_candidate(assessor: Person, staff_number: str) -> Person:
    """Return the person of the assessor's network who is meant by a number, name or scan.

    Raises:
        OwnAssessment: it is the assessor's own number.
        AmbiguousPerson: several people of the network have the name that was typed.
        PersonOutOfScope: a colleague who is no candidate, such as one who has left.
        UnknownPerson: there is nobody the assessor may know of.
    """
    people = candidates_in_sight(assessor) | Person.objects.filter(pk=assessor.pk)
    person = find_person(assessor, staff_number, people)
    if person.pk == assessor.pk:
        raise OwnAssessment
    return person
