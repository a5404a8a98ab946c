"""Queries on bulletins: who may read them, for which machines, who has confirmed and who has not."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from kb.models import Bulletin, BulletinConfirmation, BulletinIssue
from portal.access.sight import below
from portal.audiences import can_open, is_staff_member, readable, who_open
from portal.enums import Audience, Tier
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import EquipmentModel, EquipmentUnit, Organisation, Person


def published_bulletins() -> QuerySet[Bulletin]:
    """Return the bulletins anybody at all may find: published ones."""
    return Bulletin.objects.filter(live=True)


def bulletins_for(reader: Any) -> QuerySet[Bulletin]:
    """Return the published bulletins ``reader`` may open."""
    return readable(published_bulletins(), reader)


def in_force(bulletins: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
    """Leave those in force today."""
    today = timezone.localdate()
    return bulletins.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today)


def listed(bulletins: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
    """Fetch what a list shows of a bulletin."""
    machines = Prefetch("equipment", EquipmentModel.objects.order_by("category__path", "code"))
    return bulletins.select_related("category").prefetch_related(machines).order_by("-valid_from", "number")


def bulletins_about(model: EquipmentModel, reader: Any) -> QuerySet[Bulletin]:
    """Return the bulletins in force about a model, by its name or by its category or one above."""
    whole = Q(equipment__isnull=True, category__path__in=self_and_ancestor_paths(model.category))
    found = bulletins_for(reader).filter(Q(equipment=model) | whole)
    return listed(in_force(found).distinct())


def bulletins_about_unit(unit: EquipmentUnit, reader: Any) -> list[Bulletin]:
    """Return the bulletins in force about one machine: its model, and its serial number in their range."""
    return [row for row in bulletins_about(unit.model, reader) if row.is_about_serial(unit.serial)]


def current_issue(bulletin: Bulletin) -> BulletinIssue | None:
    """Return the edition of ``bulletin`` that is in force: the last one issued."""
    return bulletin.issues.order_by("-issued_at", "-pk").first()


def open_issues() -> QuerySet[BulletinIssue]:
    """Return the current editions of published bulletins that are to be confirmed."""
    newest = BulletinIssue.objects.filter(bulletin=OuterRef("bulletin")).order_by("-issued_at", "-pk").values("pk")[:1]
    issues = BulletinIssue.objects.filter(pk=Subquery(newest), bulletin__live=True, read_by__isnull=False)
    return issues.filter(bulletin__in=in_force(published_bulletins())).select_related("bulletin").defer("content")


def readers_of(issue: BulletinIssue) -> QuerySet[Person]:
    """Return who has to confirm an edition: staff at its places today who may read it, in the roles it names."""
    bulletin = issue.bulletin
    named = list(bulletin.places.all())
    places = Organisation.objects.exclude(tier=Tier.CUSTOMER)
    if named:
        places = places.filter(below(place.path for place in named))
    people = Person.objects.belonging_to(places, timezone.localdate()).filter(is_active=True)
    people = who_open(who_open(people, Audience.STAFF), bulletin.audience)
    if bulletin.reader_roles:
        people = people.filter(groups__name__in=bulletin.reader_roles).distinct()
    return people


def is_asked(issue: BulletinIssue, person: Any) -> bool:
    """Whether ``person`` has to confirm an edition, and may read it: the same people as :func:`readers_of`."""
    bulletin = issue.bulletin
    if issue.read_by is None or not is_staff_member(person) or not can_open(person, bulletin.audience):
        return False
    named = [place.path for place in bulletin.places.all()]
    is_there = not named or any(place.path.startswith(path) for place in person.places for path in named)
    return is_there and (not bulletin.reader_roles or person.has_role(*bulletin.reader_roles))


def without_confirmation(issue: BulletinIssue) -> QuerySet[Person]:
    """Return who has to confirm an edition and has not, in the order of their numbers."""
    said = BulletinConfirmation.objects.filter(issue=issue, person=OuterRef("pk"))
    return readers_of(issue).filter(~Exists(said)).order_by("staff_number")


def waiting_for(reader: Person) -> list[BulletinIssue]:
    """Return the editions ``reader`` has to confirm and has not, the most urgent first."""
    said = BulletinConfirmation.objects.filter(issue=OuterRef("pk"), person=reader)
    issues = open_issues().filter(~Exists(said)).prefetch_related("bulletin__places").order_by("read_by", "pk")
    return [issue for issue in issues if is_asked(issue, reader)]
