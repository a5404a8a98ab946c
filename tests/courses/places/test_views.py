"""Pages of places: the list, the form that refuses stale saves, merging."""

import pytest
from django.urls import reverse

from courses.models import Place
from courses.places.domain import put_place
from courses.places.queries import place_named
from tests.factories.courses import PlaceFactory


@pytest.fixture
def room(world):
    """A room of the west."""
    return put_place(by=world.manager, name="一号教室", other_names=["101"], organisation=world.west, capacity=20)


def facts(client, place, **changes):
    """What the form of a place shows, with changes."""
    form = client.get(place.get_absolute_url()).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | changes).items() if value not in (None, False)}


def test_list_finds_a_place_by_any_name(client_of, world, room):
    PlaceFactory(name="别处", kind="site")
    client = client_of(world.trainer)
    assert "一号教室" in client.get(reverse("courses:places"), {"q": "１０１"}).content.decode()
    only_sites = client.get(reverse("courses:places"), {"kind": "site"}).content.decode()
    assert "别处" in only_sites
    assert "一号教室" not in only_sites


def test_a_place_is_changed_in_its_form(client_of, world, room):
    client = client_of(world.manager)
    answer = client.post(room.get_absolute_url(), facts(client, room, other_names="101\n教室一", capacity="24"))
    assert answer.status_code == 302
    room.refresh_from_db()
    assert (room.capacity, place_named("教室一")) == (24, room)


def test_form_opened_before_somebody_elses_save_is_refused_with_both_states(client_of, world, room):
    client = client_of(world.manager)
    typed = facts(client, room, capacity="24")
    put_place(by=world.administrator, place=room, name="一号教室", other_names=["101"], capacity=18)
    answer = client.post(room.get_absolute_url(), typed)
    assert answer.status_code == 409
    assert {"24", "18"} <= {text for row in answer.context["stale"] for text in (row.mine, row.theirs)}
    assert Place.objects.get(pk=room.pk).capacity == 18


def test_a_name_taken_is_told_in_the_form(client_of, world, room):
    answer = client_of(world.manager).post(
        reverse("courses:place_new"), {"name": "101", "kind": "room", "organisation": world.west.pk}
    )
    assert answer.status_code == 422
    assert "一号教室" in answer.content.decode()


def test_merging_asks_for_the_place_that_stays(client_of, world, room):
    other = PlaceFactory(name="1号室", organisation=world.west)
    client, address = client_of(world.manager), reverse("courses:place_merge", args=[other.pk])
    assert client.post(address, {"into": "没有"}).status_code == 422
    assert client.post(address, {"into": "1号室"}).status_code == 422
    assert client.post(address, {"into": "101"}).status_code == 302
    assert place_named("1号室") == room
