"""Who stands above somebody: told of training that is late, asked for its effect and for seats."""

from django.utils import timezone

from courses.sessions.permissions import branches_over
from portal.enums import Role
from portal.models import Assignment, Organisation, Person


def superiors_of(person: Person) -> list[Person]:
    """Return who holds the posts the person's posts report to; without any, the managers of the nearest branch."""
    day = timezone.localdate()
    posts = Assignment.objects.valid_on(day).filter(person=person)
    above = Assignment.objects.valid_on(day).filter(position__in=posts.values("position__reports_to"))
    found = Person.objects.filter(pk__in=above.values("person"), is_active=True).exclude(pk=person.pk)
    return list(found.order_by("staff_number")) or managers_of(person)


def managers_of(person: Person) -> list[Person]:
    """Return the managers of the nearest branch at or above somebody's places that has one, but themselves."""
    managers = Person.objects.filter(is_active=True, groups__name=Role.MANAGER).exclude(pk=person.pk)
    for path in sorted(branches_over(person.places), key=len, reverse=True):
        nearest = managers.belonging_to(Organisation.objects.filter(path=path), timezone.localdate()).distinct()
        if nearest.exists():
            return list(nearest.order_by("staff_number"))
    return []
