"""What somebody with bad intent sends to the doors of the ground floor."""

import pytest
from django.urls import reverse
from wagtail.models import APIToken

from portal.access.rate_limits import AddressLimit
from portal.enums import Role, Tier
from portal.web.api import api
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def few_calls(monkeypatch):
    """Let nobody in particular make three calls a minute."""
    for throttle in api.throttle:
        if isinstance(throttle, AddressLimit):
            monkeypatch.setattr(throttle, "num_requests", 3)


@pytest.fixture
def two_networks():
    """An administrator each of two networks that know nothing of one another."""
    homes = [OrganisationFactory(tier=Tier.HQ) for _network in range(2)]
    return [PersonFactory(organisation=home, roles=[Role.ADMINISTRATOR]) for home in homes]


def test_nobody_in_particular_is_limited_at_the_open_api(client, few_calls):
    calls = [client.get("/api/v1/search").status_code for _call in range(4)]
    assert calls == [200, 200, 200, 429]


def test_made_up_sender_does_not_get_round_the_limit(client, few_calls):
    senders = [{"x-forwarded-for": f"10.0.0.{number}"} for number in range(4)]
    calls = [client.get("/api/v1/search", headers=sender).status_code for sender in senders]
    assert calls == [200, 200, 200, 429]


@pytest.mark.parametrize("address", ["/media/%00", "/e/a%00b/", "/verify/%00/", "/kb/codes/%00/"])
def test_nul_in_an_address_is_refused(client, address):
    assert client.get(address).status_code == 400


def test_nul_in_a_parameter_is_not_there(client_of):
    client = client_of(PersonFactory(staff_number="T100"))
    page = client.get(reverse("unit_list") + "?find=%00E6%00")

    assert page.status_code == 200
    assert page.context["find"] == "E6"


def test_endless_nesting_told_to_search_is_no_error_of_the_server(client):
    body = "[" * 4000
    assert client.post(reverse("search_use"), body, content_type="text/plain").status_code == 400


def test_administrator_offers_tokens_to_the_own_network_only(two_networks, client_of):
    mine, other = two_networks
    page = client_of(mine).get(reverse("wagtailusers_api_tokens:add"))

    owners = page.context["form"].fields["user"].queryset
    assert mine in owners
    assert other not in owners


def test_administrator_makes_no_token_for_another_network(two_networks, client_of):
    mine, other = two_networks
    client_of(mine).post(reverse("wagtailusers_api_tokens:add"), {"name": "x", "user": other.pk})

    assert not APIToken.objects.exists()


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_token_of_another_network_does_not_exist(two_networks, client_of, act):
    mine, other = two_networks
    token, _secret = APIToken.create_token(user=other, name="dispatch")
    client = client_of(mine)

    assert client.post(reverse(f"wagtailusers_api_tokens:{act}", args=[token.pk])).status_code == 404
    assert b"dispatch" not in client.get(reverse("wagtailusers_api_tokens:index")).content


def test_token_of_who_left_opens_nothing(client):
    person = PersonFactory(staff_number="T100")
    _token, secret = APIToken.create_token(user=person, name="phone")
    asked = {"path": "/api/v1/duty", "query_params": {"person": "T100", "equipment": "x"}}
    bearer = {"headers": {"authorization": f"Bearer {secret}"}}
    assert client.get(**asked, **bearer).status_code == 404
    person.is_active = False
    person.save()

    assert client.get(**asked, **bearer).status_code == 401


@pytest.mark.parametrize("page", ["home", "unit_list", "search"])
def test_next_one_at_a_shared_computer_finds_no_page_of_the_last(client_of, page):
    response = client_of(PersonFactory()).get(reverse(page))
    assert response["Cache-Control"] == "private, no-store"


def test_page_made_for_nobody_may_be_kept(client):
    assert "no-store" not in client.get(reverse("home")).get("Cache-Control", "")


@pytest.mark.parametrize(
    "address",
    [
        "/kb/cases/{}/",
        "/courses/sessions/{}/leave/",
        "/units/{}/",
        "/certification/evidence/attempts/{}/",
        "/cms/images/{}/",
    ],
)
def test_number_no_record_can_have_is_not_found(client_of, address):
    client = client_of(PersonFactory(is_superuser=True))
    for number in (2**63, 10**40):
        assert client.get(address.format(number)).status_code in (404, 405)


def test_posting_such_a_number_is_not_found_either(client_of):
    assert client_of(PersonFactory()).post(f"/courses/sessions/{2**63}/leave/").status_code == 404
