"""The page of the service network."""

import pytest
from django.urls import reverse

from portal.enums import Role
from portal.models import Organisation
from tests.factories.portal import OrganisationFactory, PersonFactory
from tests.portal.organisations.conftest import add_outlet

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, places):
    """An engineer's browser."""
    return client_of(PersonFactory(organisation=places["guangan"], roles=[Role.ENGINEER]))


def page(client, **params):
    answer = client.get(reverse("network"), params)
    assert answer.status_code == 200
    return answer.content.decode()


def test_address_is_part_of_the_contract():
    assert reverse("network") == "/network/"


def test_lists_address_engineer_telephone_and_areas(client):
    html = page(client)
    for text in ("甲广安网点", "北辰大道1号", "吴刚", 'href="tel:08261234567"', "0826-123 4567"):
        assert text in html


def test_nobody_is_asked_to_sign_in(client_of, places):
    answer = client_of(None).get(reverse("network"), {"area": "广安"})
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/network/%3Farea%3D%25E5%25B9%25BF%25E5%25AE%2589"


def test_menu_has_the_entry_for_the_signed_in_only(client, client_of):
    assert 'href="/network/"' in client.get("/").content.decode()
    assert 'href="/network/"' not in client_of(None).get("/").content.decode()


def test_customer_is_told_who_serves_it(client_of, places):
    html = page(client_of(PersonFactory(organisation=places["customer"], roles=[Role.CUSTOMER_CONTACT])))
    assert html.index("乙达州网点") < html.index("甲广安网点")
    assert html.count("为您服务") == 1


def test_says_who_serves_a_prefecture(client):
    html = page(client, area="广安市")
    assert "广安由 2 个网点负责" in html
    assert "丙直属网点" not in html


def test_says_that_nobody_serves_it_and_who_answers(client):
    html = page(client, area="北京")
    assert "没有网点负责“北京”" in html
    assert "以下网点应急响应" in html
    assert "丙直属网点" in html
    assert "甲广安网点" not in html


def test_says_what_to_do_where_nobody_answers_at_all(client):
    Organisation.objects.update(is_emergency_fallback=False)
    html = page(client, area="北京")
    assert "没有网点负责“北京”" in html
    assert "请拨打服务热线" in html


def test_empty_network_says_who_enters_outlets(client_of):
    html = page(client_of(PersonFactory(organisation=OrganisationFactory())))
    assert "尚无网点登记" in html


def test_what_was_asked_is_escaped_and_cut(client):
    html = page(client, area="<script>" + "x" * 100)
    assert "<script>x" not in html
    assert client.get(reverse("network"), {"area": "\x00广安\x00"}).context["area"] == "广安"
    assert len(client.get(reverse("network"), {"area": "y" * 100}).context["area"]) == 40


def test_twenty_on_a_page(client, places):
    for number in range(20):
        add_outlet(places["region"], f"网点{number:02}", ["广安"])
    assert len(client.get(reverse("network")).context["page_obj"]) == 20
    second = client.get(reverse("network"), {"area": "广安", "page": "2"}).context["page_obj"]
    assert (len(second), second.paginator.count) == (2, 22)


@pytest.mark.parametrize("params", [{}, {"area": "广安"}, {"area": "北京"}])
@pytest.mark.parametrize("more", [0, 3])
def test_takes_as_many_queries_for_one_outlet_as_for_many(client, places, params, more, django_assert_num_queries):
    for number in range(more):
        add_outlet(places["region"], f"网点{number}", ["广安", "达州"])
    client.get(reverse("network"))
    with django_assert_num_queries(QUERIES + bool(params)):
        client.get(reverse("network"), params)


# Session, reader, roles, posts, settings; outlets counted and listed with their areas.
QUERIES = 9
