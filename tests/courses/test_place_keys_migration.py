"""Keys of places written before unseen characters stopped making other places."""

from importlib import import_module

import pytest
from django.apps import apps

from courses.models import Place, PlaceName, Session
from tests.factories.courses import SessionFactory

pytestmark = pytest.mark.django_db
recompute = import_module("courses.migrations.0090_place_keys").recompute


def named(place, name, key):
    row = PlaceName.objects.create(place=place, name=f"{PlaceName.objects.count()} 号")
    PlaceName.objects.filter(pk=row.pk).update(name=name, key=key)
    return row


def test_sessions_get_the_key_their_place_has_now():
    session = SessionFactory(place="A\u200b—1室")
    Session.objects.filter(pk=session.pk).update(place_key="a\u200b—1室")

    recompute(apps, None)

    assert Session.objects.get(pk=session.pk).place_key == "a-1室"


def test_names_get_their_key_and_two_that_became_one_do_not_stop_it():
    room, other = Place.objects.create(name="B室"), Place.objects.create(name="C室")
    alone = named(room, "B\u00ad室", "b\u00ad室")
    again = named(room, "B\ufeff室", "b\ufeff室")
    kept = named(other, "C室", "c室")
    twin = named(room, "C\u200b室", "c\u200b室")

    recompute(apps, None)

    assert dict(PlaceName.objects.values_list("pk", "key")) == {
        alone.pk: "b室",
        kept.pk: "c室",
        twin.pk: "c\u200b室",
    }
    assert not PlaceName.objects.filter(pk=again.pk).exists()
