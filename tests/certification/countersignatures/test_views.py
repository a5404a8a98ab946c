"""The assessor's pages of counter-signatures: who waits, a second look, one signature."""

import pytest
from django.urls import reverse

from certification.models import CounterSignature, LedgerEntry
from portal.enums import Role
from tests.certification.countersignatures.test_domain import earn, world  # noqa: F401  (a fixture)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def url_of(world):  # noqa: F811
    return reverse("certification:countersign", args=[world["trainer"].staff_number, world["scheme"].code])


def filled(page, **changes):
    form = page.context["form"]
    data = {name: form[name].value() for name in ("mark", "form_key")}
    return data | {"remark": "现场口头提问"} | changes


def test_signing_takes_a_second_look(world, client_of):  # noqa: F811
    earn(world, world["trainer"])
    client = client_of(world["second"])
    listing = client.get(reverse("certification:countersignatures")).content.decode()
    page = client.get(url_of(world))

    look = client.post(url_of(world), filled(page))
    assert not CounterSignature.objects.exists()
    done = client.post(url_of(world), filled(page, step="sign"), follow=True)

    assert world["trainer"].name in listing
    assert "可查看题库答案" in page.content.decode()
    assert "尚未签字" in look.content.decode()
    assert "已颁发" in done.content.decode()
    assert LedgerEntry.objects.get().person == world["trainer"]


def test_going_back_keeps_what_was_typed(world, client_of):  # noqa: F811
    earn(world, world["trainer"])
    client = client_of(world["second"])
    page = client.get(url_of(world))

    back = client.post(url_of(world), filled(page, step="edit", remark="复做一遍"))

    assert "复做一遍" in back.content.decode()
    assert not CounterSignature.objects.exists()


def test_the_page_is_for_assessors_who_may_sign(world, client_of):  # noqa: F811
    earn(world, world["trainer"])

    assert client_of(world["first"]).get(url_of(world)).status_code == 403
    assert client_of(world["administrator"]).get(url_of(world)).status_code == 403
    assert client_of(PersonFactory(roles=[Role.ASSESSOR])).get(url_of(world)).status_code in (403, 404)
    assert "/login/" in client_of(None).get(url_of(world))["Location"]


def test_nothing_to_sign_is_said(world, client_of):  # noqa: F811
    assert client_of(world["second"]).get(url_of(world)).status_code == 409


def test_the_list_pins_its_queries(world, client_of, django_assert_max_num_queries):  # noqa: F811
    earn(world, world["trainer"])
    client = client_of(world["second"])
    client.get(reverse("certification:countersignatures"))

    with django_assert_max_num_queries(40):
        client.get(reverse("certification:countersignatures"))
