"""The dispatcher's page: the answer, who may instead, wrong input."""

import pytest
from django.urls import reverse

from tests.certification.requesting import get
from tests.factories.certification import (
    certificate_for,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def test_dispatcher_gets_the_answer_and_who_may(network, client_of):
    certificate_for(network["colleague"], network["scheme"])
    number = network["technician"].staff_number

    page = get(client_of, network["dispatcher"], "duty", person=number, equipment="冷库").content.decode()

    assert "不予上岗" in page
    assert "林小川" in page
    assert "杨振华" in page


def test_allowed_list_stays_in_the_branch(network, client_of):
    certificate_for(network["stranger"], network["scheme"])

    page = get(client_of, network["dispatcher"], "duty", equipment="RF-LK").content.decode()

    assert "赵明远" not in page
    assert "范围内没有人可以上岗" in page


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"person": "NOBODY", "equipment": "冷库"}, 404),
        ({"equipment": "飞碟"}, 404),
        ({"equipment": "冷库", "on": "2026-02-30"}, 422),
    ],
)
def test_wrong_input_is_said_on_the_page(network, client_of, params, status):
    response = get(client_of, network["dispatcher"], "duty", **params)

    assert response.status_code == status
    assert "无法回答" in response.content.decode()


def test_everybody_asks_about_themselves_and_nobody_else(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["technician"])
    url = reverse("certification:duty")

    own = client.get(url, {"equipment": "冷库"}).content.decode()
    other = client.get(url, {"equipment": "冷库", "person": network["colleague"].staff_number})

    assert "允许上岗" in own
    assert "可对冷库上岗的人员" not in own
    assert other.status_code == 403
    assert "杨振华" not in other.content.decode()


def test_duty_page_pins_its_queries(network, client_of, django_assert_max_num_queries):
    client = client_of(network["dispatcher"])
    params = {"equipment": "RF-LK", "person": network["technician"].staff_number}
    client.get(reverse("certification:duty"), params)
    for number in range(3):
        certificate_for(PersonFactory(organisation=network["outlet"]), network["scheme"], days_ago=number)

    with django_assert_max_num_queries(56):
        client.get(reverse("certification:duty"), params)
