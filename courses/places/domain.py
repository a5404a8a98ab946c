"""Add, change and merge places; say which place a session is held at."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from courses.enums import PlaceKind
from courses.models import DroppedMeeting, Meeting, Place, PlaceName, Session
from courses.models.places import place_key, tidy_place
from courses.places.errors import NotYourPlace, PlaceNameTaken, SamePlace
from courses.places.permissions import may_keep_place
from courses.places.queries import place_named
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Organisation, Person


@transaction.atomic
def put_place(
    *, by: Person, name: str, other_names: Iterable[str] = (), place: Place | None = None, **facts: Any
) -> Place:
    """Add a place, or change ``place``; sessions written under one of its names are held there from now on.

    Args:
        other_names: all the names beside ``name``; what is not among them is given up.
        facts: any of kind, organisation, address, capacity, is_active.

    Raises:
        NotYourPlace: ``by`` does not keep the places of the organisation, before or after.
        PlaceNameTaken: a name is one of another place.
    """
    before = None
    if place is not None:
        place = Place.objects.select_for_update().get(pk=place.pk)
        before = snapshot(place)
        if not may_keep_place(by, place.organisation):
            raise NotYourPlace
    place = place or Place()
    for field, value in facts.items():
        setattr(place, field, value)
    place.name = tidy_place(name)
    if not may_keep_place(by, place.organisation):
        raise NotYourPlace
    place.full_clean()
    place.save()
    _name(place, other_names)
    if before is None:
        audit.record("courses.place_added", place, actor=by, changes=added(place))
    elif changed := since(before, place):
        audit.record("courses.place_changed", place, actor=by, changes=changed)
    return place


def _name(place: Place, other_names: Iterable[str]) -> None:
    """Give a place exactly these names, and the sessions that were written under them."""
    wanted: dict[str, str] = {}
    for name in (place.name, *map(tidy_place, other_names)):
        if key := place_key(name)[:160]:
            wanted.setdefault(key, name)
    taken = PlaceName.objects.filter(key__in=wanted).exclude(place=place).select_related("place").first()
    if taken is not None:
        raise PlaceNameTaken(name=wanted[taken.key], place=taken.place.name)
    place.names.exclude(key__in=wanted).delete()
    there = {row.key: row for row in place.names.all()}
    for key, name in wanted.items():
        row = there.get(key) or PlaceName(place=place)
        if row.name != name:
            row.name = name
            try:
                with transaction.atomic():
                    row.save()
            except IntegrityError as error:
                # Given to another place in this very moment, which the query above could not see.
                raise PlaceNameTaken(name=name, place=name) from error
    for held in (Session, Meeting):
        held.objects.filter(place_record__isnull=True, place_key__in=wanted).update(place_record=place)


@transaction.atomic
def merge_places(place: Place, into: Place, *, by: Person) -> Place:
    """Make two records of one place one: sessions and names go over to ``into``, the other record goes.

    What sessions, letters and calendars say of the place stays as it was written.

    Raises:
        SamePlace: they are one record.
        NotYourPlace: ``by`` does not keep both.
    """
    if place.pk == into.pk:
        raise SamePlace
    both = Place.objects.select_for_update(of=("self",)).filter(pk__in=[place.pk, into.pk]).order_by("pk")
    found = {each.pk: each for each in both.select_related("organisation")}
    place, into = found[place.pk], found[into.pk]
    if not all(may_keep_place(by, each.organisation) for each in (place, into)):
        raise NotYourPlace
    before = snapshot(into)
    sessions = Session.objects.filter(place_record=place).update(place_record=into)
    for held in (Meeting, DroppedMeeting):
        held.objects.filter(place_record=place).update(place_record=into)
    PlaceName.objects.filter(place=place).update(place=into)
    key, was = place.pk, place.name
    place.delete()
    changed = since(before, into)
    audit.record("courses.places_merged", into, actor=by, merged=was, number=key, sessions=sessions, changes=changed)
    return into


def settle_place(held: Session | Meeting, *, organisation: Organisation, by: Person) -> None:
    """Say which record the text of a place means, without saving; who keeps the organisation's list adds what is new.

    A name beside the one shown is written as the one shown.

    Args:
        held: what is held at the place.
    """
    found = place_named(held.place)
    if found is None and place_key(held.place) and may_keep_place(by, organisation):
        kind = PlaceKind.SITE if organisation.is_customer else PlaceKind.ROOM
        try:
            with transaction.atomic():
                found = put_place(by=by, name=held.place, kind=kind, organisation=organisation)
        except PlaceNameTaken:
            found = place_named(held.place)
    held.place_record = found
    if found is not None:
        held.place = found.name
