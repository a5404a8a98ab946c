"""Pages of stops of work."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.models import WorkStop

pytestmark = pytest.mark.django_db


def test_manager_stops_and_lifts(network, client_of):
    client, page = client_of(network["manager"]), reverse("certification:stops")
    region = network["outlet"].get_parent().pk
    facts = {"model": network["equipment"].pk, "region": region, "reason": "召回", "form_key": uuid.uuid4()}
    assert client.post(page, facts).status_code == 302
    stop = WorkStop.objects.get()
    assert "召回" in client.get(page).content.decode()
    assert client.post(reverse("certification:stop_lift", args=[stop.pk]), {"reason": "已修复"}).status_code == 302
    assert "已修复" in client.get(page).content.decode()


@pytest.mark.parametrize("who", ["technician", "dispatcher", "customer"])
def test_others_are_refused(network, client_of, who):
    response = client_of(network[who]).post(reverse("certification:stops"), {"reason": "x"})
    assert response.status_code == 403


def test_only_who_may_lift_is_led_there_and_the_list_costs_the_same(network, client_of, django_assert_max_num_queries):
    regions = (network["outlet"].get_parent(), network["far_manager"].organisation, None)
    for number in range(6):
        WorkStop.objects.create(
            model=network["equipment"],
            region=regions[number % 3],
            starts_on=timezone.localdate(),
            reason=f"召回 {number}",
            ordered_by=network["administrator"],
            form_key=uuid.uuid4(),
        )
    page, client = reverse("certification:stops"), client_of(network["manager"])
    client.get(page)
    with django_assert_max_num_queries(26):
        content = client.get(page).content.decode()
    assert content.count("/lift/") == 2
    assert client_of(network["administrator"]).get(page).content.decode().count("/lift/") == 6
